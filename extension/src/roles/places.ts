import * as v from "valibot";
import { AccountRule } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";
import { type AccountFacts, type Place, placeOf } from "./environment.ts";
import { shownName } from "./shown-name.ts";

const MAX_LABEL_CHARS = 60;
const MAX_RULES = 100;

const Labels = v.record(v.string(), v.record(v.string(), v.string()));
type Labels = v.InferOutput<typeof Labels>;

/** What accounts are to their user: rules and labels. On this computer's disk only: names of accounts are nobody else's. */
export class Places {
  readonly #rules: Slot<AccountRule[]>;
  readonly #labels: Slot<Labels>;
  readonly #managed: () => Promise<readonly AccountRule[]>;

  /** @param managed the rules of the company's policy */
  constructor(storage: Storage, managed: () => Promise<readonly AccountRule[]>) {
    this.#rules = slot(storage.local, "account-rules", v.array(AccountRule), []);
    this.#labels = slot(storage.local, "account-labels", Labels, {});
    this.#managed = managed;
  }

  async rules(): Promise<{ managed: AccountRule[]; own: AccountRule[] }> {
    return { managed: [...(await this.#managed())], own: await this.#rules.get() };
  }

  async setRules(rules: readonly AccountRule[]): Promise<void> {
    await this.#rules.set(rules.slice(0, MAX_RULES));
  }

  labels(): Promise<Labels> {
    return this.#labels.get();
  }

  async label(portal: string, account: string): Promise<string | null> {
    return (await this.#labels.get())[portal]?.[account] ?? null;
  }

  /** An empty label takes it away. */
  async setLabel(portal: string, account: string, text: string): Promise<void> {
    const label = shownName(text).slice(0, MAX_LABEL_CHARS);
    await this.#labels.update((all) => {
      const { [account]: _old, ...others } = all[portal] ?? {};
      return { ...all, [portal]: label === "" ? others : { ...others, [account]: label } };
    });
  }

  async setLabels(labels: Labels): Promise<void> {
    const shown = Object.entries(labels).map(([portal, all]) => {
      const named = Object.entries(all).map(([account, label]) => [account, shownName(label)] as const);
      return [portal, Object.fromEntries(named.filter(([, label]) => label !== ""))] as const;
    });
    await this.#labels.set(Object.fromEntries(shown));
  }

  async forget(portal: string): Promise<void> {
    await this.#labels.update(({ [portal]: _gone, ...others }) => others);
  }

  async placeOf(account: AccountFacts): Promise<Place> {
    const { managed, own } = await this.rules();
    return placeOf(account, [...managed, ...own]);
  }
}
