import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { prepareState, readIfThere, StateUnreadable, writeWhole } from "./files.ts";
import { type BrokerSecrets, generateSecrets, parseSecrets, secretsText } from "./keys.ts";

/** Where a broker's secrets are between two runs. */
export interface KeyStore {
  /** @returns `undefined` when there are none. @throws StateUnreadable when they are there and do not read. */
  load(): Promise<BrokerSecrets | undefined>;
  save(secrets: BrokerSecrets): Promise<void>;
  remove(): Promise<void>;
}

/** [LB4] A file of its owner alone, written whole or not at all. */
export const fileStore = (path: string): KeyStore => ({
  async load() {
    const text = await readIfThere(path);
    return text === undefined ? undefined : parsed(text, path);
  },
  async save(secrets) {
    await prepareState(dirname(path));
    await writeWhole(path, secretsText(secrets));
  },
  remove: () => rm(path, { force: true }),
});

const SERVICE = "jcfetch local broker";

interface Entry {
  getPassword(): string | null;
  setPassword(text: string): void;
  deletePassword(): unknown;
}
type Keyring = { readonly Entry: new (service: string, account: string) => Entry };

/** The system's keyring is missing, locked or refuses. */
export class NoKeyring extends Error {}

/** Under the path of the state folder: one user may have several. @throws NoKeyring from every call. */
export function keyringStore(folder: string, stateDir: string): KeyStore {
  const use = async <T>(act: (entry: Entry) => T): Promise<T> => {
    try {
      // Optional and native: it is there where it was installed, and nothing else needs it.
      const { Entry } = createRequire(`${folder}/host.mjs`)("@napi-rs/keyring") as Keyring;
      return act(new Entry(SERVICE, stateDir));
    } catch {
      throw new NoKeyring("the system's keyring cannot be used");
    }
  };
  return {
    async load() {
      const text = await use((entry) => entry.getPassword());
      return text === null ? undefined : parsed(text, "the keyring's entry");
    },
    save: (secrets) => use((entry) => entry.setPassword(secretsText(secrets))),
    remove: () => use((entry) => void entry.deletePassword()),
  };
}

function parsed(text: string, where: string): BrokerSecrets {
  const secrets = parseSecrets(text);
  if (!secrets) throw new StateUnreadable(`${where} is damaged`);
  return secrets;
}

/** [LB4] The secrets of a store, made at its first use; what is there and cannot be read is never replaced. */
export async function loadOrMake(store: KeyStore): Promise<BrokerSecrets> {
  const kept = await store.load();
  if (kept) return kept;
  const made = await generateSecrets();
  await store.save(made);
  return made;
}

/** Bring secrets to another store. They leave the old one only when the new one gives them back. */
export async function moveSecrets(from: KeyStore, to: KeyStore): Promise<void> {
  const secrets = await from.load();
  if (!secrets) return;
  await to.save(secrets);
  const back = await to.load();
  if (!back || secretsText(back) !== secretsText(secrets))
    throw new NoKeyring("the keyring gave back other keys");
  await from.remove();
}
