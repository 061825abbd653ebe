/* The neighbor's own page: it speaks to jcfetch, looks into its pages, and sends its content script forward. */

/* global api, saySomething */

/** Puts a script into a page of ours, opened in a tab. */
async function lookInto(url) {
  const tab = await api.tabs.create({ url, active: false });
  const inject = { target: { tabId: tab.id }, func: () => document.documentElement.outerHTML };
  const results = await api.scripting.executeScript(inject).catch(() => []);
  await api.tabs.remove(tab.id);
  return results.map(({ result }) => result ?? "").filter((text) => text.includes("jcfetch"));
}

/** Opens pages of ours, as a person could. @returns what it could see of them. */
globalThis.openPages = async ({ origin, paths }) => {
  const found = [];
  for (const path of paths) found.push(...(await lookInto(`${origin}/${path}`).catch(() => [])));
  return found;
};

async function readFiles({ origin, paths }) {
  const read = (path) => fetch(`${origin}/${path}`).then((answer) => answer.text());
  const done = await Promise.allSettled(paths.map(read));
  return done.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
}

globalThis.attack = async (target) => ({
  answers: await saySomething(target),
  found: await readFiles(target),
});

/** Has the content script in every tab of the portal attack. @returns what each gives. */
globalThis.attackFromPortal = async (target) => {
  const tabs = await api.tabs.query({ url: "https://*.awsapps.com/*" });
  return Promise.all(tabs.map(({ id }) => api.tabs.sendMessage(id, target)));
};
