import { later } from "./later.tsx";

/* The screens that stand behind the list, each with a script of its own. */

export const TerminalsScreen = later(async () => (await import("./screens/terminals.tsx")).TerminalsScreen);
export const ActivityScreen = later(async () => (await import("./screens/activity.tsx")).ActivityScreen);
export const PairingScreen = later(async () => (await import("./screens/pairing.tsx")).PairingScreen);
export const HelpScreen = later(async () => (await import("./screens/help.tsx")).HelpScreen);
export const SessionsScreen = later(async () => (await import("./screens/sessions.tsx")).SessionsScreen);

/* What stands in its place while there is nothing to list. */
export const LockedPane = later(async () => (await import("./parts/locked-pane.tsx")).LockedPane);
export const AddPortal = later(async () => (await import("./parts/add-portal.tsx")).AddPortal, null);

/* What stands above the list while something waits for an answer. */
export const ApprovalCard = later(async () => (await import("./parts/approval-card.tsx")).ApprovalCard, null);
export const ConfirmCard = later(async () => (await import("./parts/confirm-card.tsx")).ConfirmCard, null);

export const ServicePalette = later(async () => (await import("./screens/services.tsx")).ServicePalette);

const ALL = [
  TerminalsScreen,
  ActivityScreen,
  PairingScreen,
  HelpScreen,
  SessionsScreen,
  LockedPane,
  AddPortal,
  ApprovalCard,
  ConfirmCard,
  ServicePalette,
];

/** All of them now, for whoever cannot wait. */
export const loadScreens = (): Promise<unknown> => Promise.all(ALL.map((screen) => screen.load()));
