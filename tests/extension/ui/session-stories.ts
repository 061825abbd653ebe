import type { JumpcloudView } from "../../../extension/src/messaging/view.ts";
import type { UiState } from "../../../extension/src/ui/state.ts";
import { ACME, GLOBEX, HOUR, MINUTE, NOW, portal, stateOf, switcher, view } from "./story-parts.ts";

const INITECH = "https://initech.awsapps.com";
const signedOut = portal({ status: "signed-out", userName: null, expiresAtMs: null });
const jumpcloud: JumpcloudView = {
  status: "live",
  name: "Ana Martín",
  checkedAtMs: NOW - 3 * MINUTE,
  tile: true,
  missing: [],
};

/** The cards of the sessions, wherever one can stand. */
export const SESSION_STORIES: Readonly<Record<string, UiState>> = {
  sessions: stateOf({
    view: view({
      portals: [
        portal(),
        portal({
          origin: GLOBEX,
          startUrl: `${GLOBEX}/start`,
          alias: "globex",
          mark: { color: "brown", shape: "circle" },
          region: "eu-central-1",
          userName: "ana@globex.example",
          expiresAtMs: NOW + 41 * MINUTE,
        }),
        portal({
          origin: INITECH,
          startUrl: `${INITECH}/start`,
          alias: "initech-platform-engineering",
          mark: { color: "pink", shape: "diamond" },
          region: null,
          status: "expired",
          userName: null,
          expiresAtMs: NOW,
        }),
      ],
    }),
    screen: "sessions",
  }),
  "sessions-signed-out": stateOf({
    view: view({ portals: [signedOut], jumpcloud }),
    screen: "sessions",
  }),
  "sessions-waiting": stateOf({
    view: view({
      portals: [signedOut],
      jumpcloud: { ...jumpcloud, status: "signed-out", name: null, tile: false },
      switcher: switcher({ signingIn: { portal: ACME, sinceMs: NOW - 18_000 } }),
    }),
    screen: "sessions",
  }),
  "sessions-two-users": stateOf({
    view: view({
      portals: [
        portal({
          userName: "ana@acme.example",
          others: [{ store: "firefox-container-2", userName: "ben@acme.example", expiresAtMs: NOW + HOUR }],
        }),
      ],
      jumpcloud,
    }),
    screen: "sessions",
  }),
  "sessions-troubled": stateOf({
    view: view({
      portals: [
        portal({ status: "unconfirmed", expiresAtMs: NOW + HOUR, userName: null }),
        portal({
          origin: GLOBEX,
          alias: "globex",
          mark: { color: "violet", shape: "square" },
          status: "region-unknown",
          region: null,
          userName: null,
        }),
        portal({
          origin: INITECH,
          alias: "initech",
          mark: { color: "turquoise", shape: "circle" },
          status: "signed-out",
          userName: null,
          missing: [`${INITECH}/*`],
        }),
      ],
    }),
    screen: "sessions",
  }),
};
