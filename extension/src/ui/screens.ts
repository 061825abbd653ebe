import { later } from "./later.tsx";

/* The screens that stand behind the list, each with a script of its own. */

export const TerminalsScreen = later(async () => (await import("./screens/terminals.tsx")).TerminalsScreen);
export const ActivityScreen = later(async () => (await import("./screens/activity.tsx")).ActivityScreen);
export const PairingScreen = later(async () => (await import("./screens/pairing.tsx")).PairingScreen);
export const HelpScreen = later(async () => (await import("./screens/help.tsx")).HelpScreen);
export const SessionsScreen = later(async () => (await import("./screens/sessions.tsx")).SessionsScreen);

export const ServicePalette = later(async () => (await import("./screens/services.tsx")).ServicePalette);

/** All of them now, for whoever cannot wait. */
export const loadScreens = (): Promise<unknown> =>
  Promise.all(
    [TerminalsScreen, ActivityScreen, PairingScreen, HelpScreen, SessionsScreen, ServicePalette].map(
      (screen) => screen.load(),
    ),
  );
