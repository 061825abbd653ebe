import "../words.ts";
import type { ActivityEntry } from "../../../extension/src/messaging/terms.ts";
import type { ViewState } from "../../../extension/src/messaging/view.ts";
import { reduce, type UiState } from "../../../extension/src/ui/state.ts";
import { ACME, accountId, device, id, MINUTE, NOW, stateOf, view } from "./story-parts.ts";

const question = (over: Partial<NonNullable<ViewState["approval"]>> = {}): ViewState["approval"] => ({
  id: "3f0c8e5a-6a1e-4d1c-9b57-0d8f5a1f2b3c",
  did: device().did,
  name: "thinkpad",
  host: "thinkpad",
  osUser: "ana",
  ssh: false,
  process: "terraform apply -auto-approve",
  directory: "~/infra/payments",
  account: id(accountId(0)),
  accountName: "Payments Prod",
  role: id("Deploy"),
  untilMs: NOW + 47_000,
  ...over,
});

const relayed = device({
  did: id("rrrrrrrrrrrrrrrrrrrrrrrrrr"),
  name: "laptop-shell",
  host: "laptop",
  modes: ["relay"],
  asks: ["Deploy"],
  roles: [
    { account: "*", role: "Read*" },
    { account: accountId(0), role: "Deploy" },
  ],
});
const lockedOne = device({
  did: id("llllllllllllllllllllllllll"),
  name: "ci-runner",
  status: "locked",
  modes: ["sealed", "relay"],
});
const forkedOne = device({ did: id("ffffffffffffffffffffffffff"), name: "old-laptop", status: "forked" });

const deed = (seq: number, over: Partial<ActivityEntry>): ActivityEntry => ({
  seq,
  atMs: NOW - (40 - seq) * 11 * MINUTE,
  act: "fetch",
  did: device().did,
  account: id(accountId(0)),
  role: id("ReadOnly"),
  relayed: false,
  intent: null,
  outcome: null,
  ...over,
});
const given = { good: true, text: "given" };
const DEEDS: readonly ActivityEntry[] = [
  deed(39, { act: "fetched", intent: 38, outcome: given }),
  deed(38, {}),
  deed(37, {
    act: "fetched",
    intent: 36,
    outcome: { good: false, text: "AWS says this role is not assigned to you" },
  }),
  deed(36, { role: id("Deploy") }),
  deed(35, {
    act: "asked",
    intent: 34,
    outcome: { good: false, text: "the request was refused in the browser" },
  }),
  deed(34, { act: "ask", account: null, role: null, relayed: true, did: relayed.did }),
  deed(33, { act: "revoke", did: null, account: null, role: null, outcome: { good: true, text: "locked" } }),
  deed(32, { act: "deposit", account: null, role: null, outcome: { good: true, text: "given" } }),
  deed(31, { act: "grant", account: null, role: null, did: id("gggggggggggggggggggggggggg") }),
];

/** What terminals ask, what they did, and what is locked. */
export const BROKER_STORIES: Readonly<Record<string, UiState>> = {
  confirm: stateOf({
    view: view({
      confirm: {
        id: "1",
        portal: ACME,
        account: id(accountId(0)),
        accountName: "Payments prod",
        role: id("PowerUser"),
        format: "fish",
        untilMs: NOW + 42_000,
      },
    }),
  }),
  approval: stateOf({ view: view({ approval: question() }) }),
  "approval-remote": stateOf({
    view: view({
      approval: question({
        name: "build-42",
        host: "build-42.ci.acme.example",
        osUser: "ci",
        ssh: true,
        accountName: null,
        process: "python3 scripts/nightly/rotate_everything.py --region us-east-1 --confirm",
        directory: "/srv/ci/builds/3f0c8e5a/acme-observability-and-incident-response",
        untilMs: NOW + 6_000,
      }),
    }),
    screen: "terminals",
  }),
  "approval-refused": reduce(stateOf({ view: view({ approval: question() }) }), {
    type: "view",
    view: view({ asked: { id: question()!.id, outcome: "wrong-number" } }),
  }),
  "terminals-modes": stateOf({
    view: view({ devices: [relayed, lockedOne, forkedOne] }),
    screen: "terminals",
  }),
  "terminals-locked": stateOf({
    view: view({ locked: true, devices: [device({ status: "locked" })] }),
    screen: "terminals",
  }),
  "terminals-lock": stateOf({ screen: "terminals", more: { confirming: "lock-all" } }),
  "broker-set-back": stateOf({ view: view({ alarm: "set-back" }), screen: "terminals" }),
  "broker-set-back-confirm": stateOf({
    view: view({ alarm: "regressed", alarmBy: "ci-runner" }),
    screen: "terminals",
    more: { confirming: "accept-broker" },
  }),
  activity: stateOf({
    view: view({ devices: [device(), relayed] }),
    screen: "activity",
    more: { activity: { entries: DEEDS, before: 31 } },
  }),
  "activity-empty": stateOf({ screen: "activity", more: { activity: { entries: [], before: null } } }),
};
