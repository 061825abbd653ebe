import type { Tab } from "./either-browser.ts";

/** In a page of the extension: all that it has stored, as text. Keys cannot be exported; of them the ids are there. */
const SNAPSHOT = `(async () => {
  const { storage } = globalThis.browser ?? globalThis.chrome;
  const areas = await Promise.all(["local", "session", "sync"].map((area) => storage[area].get()));
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const tables = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const table of database.objectStoreNames) {
      const store = database.transaction(table).objectStore(table);
      const keys = settled(store.getAllKeys());
      tables[name + "/" + table] = [await keys, await settled(database.transaction(table).objectStore(table).getAll())];
    }
    database.close();
  }
  return JSON.stringify([areas, tables], null, 1);
})()`;

/** Everything the extension has stored, seen from one of its own pages. */
export const storedIn = async (page: Tab): Promise<string> => String(await page.evaluate(SNAPSHOT));
