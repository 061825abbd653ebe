/* The service worker of the hostile page: it asks in the page's stead, and says what it could read. */

const read = async (answer) => {
  try {
    const response = await answer;
    return response.type.startsWith("opaque") ? null : await response.text();
  } catch {
    return null;
  }
};

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => {
  const { join, signed } = event.data;
  const act = async () => {
    const answers = [
      await read(fetch(join.url, { method: "POST", mode: "no-cors", body: join.body })),
      await read(fetch(signed.url, { method: "POST", headers: signed.headers, body: signed.body })),
    ];
    event.ports[0].postMessage(answers.find((answer) => answer !== null) ?? null);
  };
  event.waitUntil(act());
});
