import { parsePortalUrl } from "@jcfetch/shared/domain/portal";
import { SECOND_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { isPattern } from "../roles/environment.ts";
import { CLIPBOARD_SECONDS, type GuardPrefs, LOCK_MINUTES } from "./guard-view.ts";
import type { OrganizationView } from "./organization-view.ts";
import { AccountRule, CopyFormat } from "./view.ts";

/*
 * [MP1] What the company that manages this browser has laid down: `storage.managed`, filled by a policy of Chromium or Edge or
 * by Firefox's. public/managed-schema.json describes the same members to the browser, docs/policies.md to people.
 */

const startUrl = v.pipe(
  v.string(),
  v.check((text) => parsePortalUrl(text).ok),
  v.transform((text) => {
    const portal = parsePortalUrl(text);
    return portal.ok ? portal.value.startUrl : text;
  }),
);
const whole = ({ least, most }: { readonly least: number; readonly most: number }) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const Broker = v.strictObject({
  url: v.pipe(v.string(), v.url()),
  /** The broker's name, as `jcfetch broker status` and the settings show it. */
  id: v.optional(v.string()),
});

/** As the user's own, but that what it does not say may be left out. */
const Rule = v.pipe(
  v.object({
    ...AccountRule.entries,
    environment: v.optional(AccountRule.entries.environment, null),
    tags: v.optional(AccountRule.entries.tags, []),
  }),
  AccountRule,
  v.check(({ match }) => isPattern(match)),
);
/** Where nobody can tell what was meant to be production, everything asks. */
const ALL_PROD: AccountRule = { on: "id", match: "*", environment: "prod", tags: [] };

/** Each member, how it is read, and what holds where it cannot be read: the strictest. */
const MEMBERS = {
  portals: { schema: v.array(startUrl), strictest: [] },
  broker: { schema: Broker, strictest: { url: "" } },
  formats: { schema: v.array(CopyFormat), strictest: [] },
  accountRules: { schema: v.array(Rule), strictest: [ALL_PROD] },
  clipboardSeconds: { schema: whole(CLIPBOARD_SECONDS), strictest: CLIPBOARD_SECONDS.least },
  lockAfterMinutes: { schema: whole(LOCK_MINUTES), strictest: LOCK_MINUTES.least },
  popupCopy: { schema: v.boolean(), strictest: false },
  containers: { schema: v.boolean(), strictest: false },
} as const;
type Member = keyof typeof MEMBERS;
export const POLICY_MEMBERS = Object.keys(MEMBERS) as Member[];

/** Null: nothing is laid down about it. */
export type Organization = {
  readonly [K in Member]: v.InferOutput<(typeof MEMBERS)[K]["schema"]> | null;
} & {
  /** Members that could not be read, or that there are none of. */
  readonly faults: readonly string[];
};

export function readPolicy(raw: Readonly<Record<string, unknown>>): Organization {
  const faults = Object.keys(raw).filter((name) => !(name in MEMBERS));
  const read = (name: Member): unknown => {
    if (raw[name] === undefined || raw[name] === null) return null;
    const parsed = v.safeParse(MEMBERS[name].schema, raw[name]);
    if (parsed.success) return parsed.output;
    faults.push(name);
    return MEMBERS[name].strictest;
  };
  const members = Object.fromEntries(POLICY_MEMBERS.map((name) => [name, read(name)]));
  return { ...members, faults } as unknown as Organization;
}

export interface PolicyPorts {
  /** `storage.managed`. Firefox rejects where nothing is laid down, Chromium gives nothing. */
  readonly managed: () => Promise<Record<string, unknown>>;
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * Chromium answers when it has read its policies, seconds after it was started. A question of a background that began before, and was
 * stopped before that, can take the answers to later ones with it (seen in Chromium 156): so they are asked again.
 */
const ASK_AGAIN_MS = 2 * SECOND_MS;
const ASKED_AT_MOST = 10;

/**
 * What Firefox says where there is no manifest for this extension (153 ESR), and also of one that it cannot read. Any other
 * refusal says nothing about policies: a browser that laid some down may have failed to give them.
 */
const isNone = (fault: unknown): boolean =>
  fault instanceof Error && /^managed storage manifest not found$/i.test(fault.message);

/** Asked for anew by every background, and when the browser says that it has changed. */
export class Policy {
  readonly #ports: PolicyPorts;
  #known: Promise<Organization> | undefined;

  constructor(ports: PolicyPorts) {
    this.#ports = ports;
  }

  /** @throws when the browser does not say: then nothing is given, and whoever asks next asks again. */
  get(): Promise<Organization> {
    this.#known ??= this.#ask().catch((error) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  async #ask(): Promise<Organization> {
    const { managed, wait } = this.#ports;
    const asked: Promise<Organization>[] = [];
    while (asked.length < ASKED_AT_MOST) {
      asked.push(
        managed().then(readPolicy, (fault) =>
          isNone(fault) ? readPolicy({}) : new Promise(() => undefined),
        ),
      );
      const first = await Promise.race([...asked, wait(ASK_AGAIN_MS)]);
      if (first) return first;
    }
    throw new Error("the browser does not say what its policies are");
  }

  changed(): void {
    this.#known = undefined;
  }

  async accountRules(): Promise<readonly AccountRule[]> {
    return (await this.get()).accountRules ?? [];
  }

  /** What of the guards is not the user's to choose. */
  async guard(): Promise<Partial<Pick<GuardPrefs, "clipboardSeconds" | "lockMinutes">>> {
    const { clipboardSeconds, lockAfterMinutes } = await this.get();
    return {
      ...(clipboardSeconds === null ? {} : { clipboardSeconds }),
      ...(lockAfterMinutes === null ? {} : { lockMinutes: lockAfterMinutes }),
    };
  }

  /** [MP2] */
  async allowsPortal({ startUrl }: { readonly startUrl: string }): Promise<boolean> {
    const { portals } = await this.get();
    return portals === null || portals.includes(startUrl);
  }

  /** [MP3] Both address and name, where the policy says both: an address alone could come to belong to somebody else. */
  async allowsBroker({ url, bid }: { readonly url: string; readonly bid: string }): Promise<boolean> {
    const { broker } = await this.get();
    if (broker === null) return true;
    const same = URL.canParse(broker.url) && new URL(broker.url).origin === new URL(url).origin;
    return same && (broker.id === undefined || broker.id === bid);
  }

  /** [MP4] */
  async allowsFormat(format: CopyFormat): Promise<boolean> {
    const { formats } = await this.get();
    return formats === null || formats.includes(format);
  }

  /** [MP4] */
  async allowsPopupCopy(): Promise<boolean> {
    return (await this.get()).popupCopy !== false;
  }

  async view(): Promise<OrganizationView> {
    const { accountRules, broker, ...shown } = await this.get();
    return {
      ...shown,
      broker: broker?.url ?? null,
      accountRules: accountRules?.length ?? 0,
      faults: [...shown.faults],
    };
  }
}
