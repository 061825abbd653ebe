import type { UiState } from "../../../extension/src/ui/state.ts";
import {
  ACME,
  accountId,
  HOUR,
  MINUTE,
  NOW,
  portal,
  roleAt,
  stateOf,
  switcher,
  view,
} from "./story-parts.ts";

/* The role switcher's states that are drawn. */

const LABELS = { [ACME]: { [accountId(3)]: "Lakehouse", [accountId(5)]: "Playground" } };
const RULES = {
  managed: [],
  own: [
    { on: "name" as const, match: "Payments*", environment: null, tags: ["money"] },
    { on: "name" as const, match: "Data*", environment: null, tags: ["lake", "eu"] },
  ],
};
const opened = [
  { ...roleAt(3, "PowerUser"), openedAtMs: NOW - 12 * MINUTE, untilMs: NOW + HOUR },
  { ...roleAt(1, "PowerUser"), openedAtMs: NOW - 40 * MINUTE, untilMs: NOW + 20 * MINUTE },
];
const known = switcher({ labels: LABELS, rules: RULES, opened, regions: ["eu-west-1"] });
const at = (over: Parameters<typeof switcher>[0], more: Partial<UiState> = {}): UiState =>
  stateOf({ view: view({ switcher: { ...known, ...over } }), more });
const wish = { ...roleAt(0, "ReadOnly"), format: "sh" as const, untilMs: NOW + 4 * MINUTE };
const expired = [portal({ status: "expired", expiresAtMs: NOW })];

/** A row as the list would make it. */
const row = {
  kind: "role" as const,
  key: `favorite:${accountId(0)}/ReadOnly`,
  account: accountId(0),
  accountName: "Payments Prod",
  title: "Payments Prod",
  label: null,
  tags: ["money"],
  environment: "prod" as const,
  role: "ReadOnly",
  copy: null,
  opened: null,
  favorite: true,
  nested: false,
};

export const SWITCHER_STORIES: Readonly<Record<string, UiState>> = {
  labels: at({}),
  "search-marks": at({}, { query: "pay read" }),
  "prod-copy": at({}, { asking: { act: "copy", row }, confirming: `copy:${row.key}` }),
  "prod-open": at({}, { asking: { act: "open", row }, confirming: `open:${row.key}` }),
  "label-form": at({}, { labeling: accountId(0) }),
  services: at({}, { choosingService: row }),
  "services-prod": at(
    {},
    { choosingService: row, asking: { act: "open", row }, confirming: `open:${row.key}` },
  ),
  "copy-waits": stateOf({
    view: view({ portals: expired, copies: [], switcher: { ...known, waiting: { ...wish, asks: false } } }),
  }),
  "copy-asks": at({ waiting: { ...wish, asks: true } }),
  "signing-in": stateOf({
    view: view({
      portals: expired,
      copies: [],
      switcher: { ...known, signingIn: { portal: ACME, sinceMs: NOW - 20_000 } },
    }),
  }),
};
