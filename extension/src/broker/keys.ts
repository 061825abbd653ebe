import { generateKeys } from "@jcfetch/shared/crypto/keys";
import type { BrokerId } from "@jcfetch/shared/domain/ids";

/** The extension's two key pairs at one broker. Neither private half can be exported. */
export interface BrokerKeys {
  readonly signing: CryptoKeyPair;
  readonly agreement: CryptoKeyPair;
}

/** Where keys and the request counter live. */
export interface KeyStore {
  load(bid: BrokerId): Promise<BrokerKeys | undefined>;
  save(bid: BrokerId, keys: BrokerKeys): Promise<void>;
  drop(bid: BrokerId): Promise<void>;
  /** A number never given before for this broker. */
  nextCounter(bid: BrokerId): Promise<number>;
}

export async function makeKeys(): Promise<BrokerKeys> {
  const [signing, agreement] = await Promise.all([generateKeys("sign"), generateKeys("agree")]);
  return { signing, agreement };
}

const DATABASE = "jcfetch";
const KEYS = "keys";
const COUNTERS = "counters";

/** IndexedDB, the one place of a browser that takes keys without letting them be read. */
export function indexedDbKeyStore(factory: IDBFactory): KeyStore {
  const opened = openDatabase(factory);
  const inStore = async <T>(
    name: string,
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = (await opened()).transaction(name, mode);
    const request = act(transaction.objectStore(name));
    await completed(transaction);
    return request.result;
  };

  return {
    load: (bid) => inStore<BrokerKeys | undefined>(KEYS, "readonly", (store) => store.get(bid)),
    save: async (bid, keys) => {
      await inStore(KEYS, "readwrite", (store) => store.put(keys, bid));
    },
    drop: async (bid) => {
      await inStore(KEYS, "readwrite", (store) => store.delete(bid));
    },
    // The counter stays when keys are dropped: a number must not come twice.
    nextCounter: async (bid) => {
      const transaction = (await opened()).transaction(COUNTERS, "readwrite");
      const store = transaction.objectStore(COUNTERS);
      let next = 1;
      const read: IDBRequest<number | undefined> = store.get(bid);
      read.onsuccess = () => {
        next = (read.result ?? 0) + 1;
        store.put(next, bid);
      };
      await completed(transaction);
      return next;
    },
  };
}

/** Opened on first use and kept; opened anew after a failure. */
function openDatabase(factory: IDBFactory): () => Promise<IDBDatabase> {
  let database: Promise<IDBDatabase> | undefined;
  const open = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const request = factory.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(KEYS);
        request.result.createObjectStore(COUNTERS);
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  return () => {
    database ??= open().catch((cause: unknown) => {
      database = undefined;
      throw cause;
    });
    return database;
  };
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}
