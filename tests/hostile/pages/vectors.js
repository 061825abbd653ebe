/*
 * The ways in which a page can make its browser send something to a broker on the same computer. Each gets the target and
 * gives what the page could read of the answer: null where the browser let it see nothing.
 *
 * `join` is the body of a request that the broker would honor from a program; `signed` is a request that the extension
 * made and that was stolen before it was sent, with the headers of its signature; `hello` opens its socket.
 */

const read = async (answer) => {
  try {
    const response = await answer;
    return response.type.startsWith("opaque") ? null : await response.text();
  } catch {
    return null;
  }
};

const first = (answers) => answers.find((answer) => answer !== null) ?? null;
const inTurn = async (...acts) => {
  const answers = [];
  for (const act of acts) answers.push(await act());
  return first(answers);
};

/** Adds an element and waits until it has loaded or failed. */
const loaded = (element, whenLoaded) =>
  new Promise((resolve) => {
    element.addEventListener("load", () => resolve(whenLoaded()));
    element.addEventListener("error", () => resolve(null));
    document.body.append(element);
  });

const make = (tag, members) => Object.assign(document.createElement(tag), members);

/**
 * What shows through a frame: its document when the browser gives it away. Asked by `seen()` once the answer is there: a
 * browser that offers it as a download tells the page nothing.
 */
const seenIn = (frame) => {
  try {
    return frame.contentDocument === null ? null : frame.contentDocument.documentElement.textContent || null;
  } catch {
    return null;
  }
};

const message = (from) =>
  new Promise((resolve) =>
    addEventListener("message", ({ data, source }) => source === from() && resolve(data)),
  );

export const VECTORS = {
  "simple POST": ({ join, signed }) =>
    inTurn(
      () => read(fetch(join.url, { method: "POST", mode: "no-cors", body: join.body })),
      () => read(fetch(signed.url, { method: "POST", mode: "no-cors", body: signed.body, keepalive: true })),
      () => read(fetch(join.url, { method: "GET", mode: "no-cors", credentials: "include" })),
    ),

  "JSON POST with the protocol's headers": ({ join, signed }) =>
    inTurn(
      () => read(fetch(join.url, { method: "POST", headers: join.headers, body: join.body })),
      () => read(fetch(signed.url, { method: "POST", headers: signed.headers, body: signed.body })),
      // Without cors no header may be set; the browser drops them.
      () =>
        read(
          fetch(signed.url, { method: "POST", mode: "no-cors", headers: signed.headers, body: signed.body }),
        ),
    ),

  "form POST": ({ join }) => {
    const frame = make("iframe", { name: "answer" });
    // `name=value` as text/plain: the JSON closes around the equals sign.
    const form = make("form", { method: "post", action: join.url, enctype: "text/plain", target: "answer" });
    form.append(make("input", { name: join.body.replace(/}$/, ',"x":"'), value: '"}' }));
    document.body.append(frame, form);
    globalThis.seen = () => seenIn(frame);
    form.submit();
    return null;
  },

  image: ({ join }) => loaded(make("img", { src: join.url }), () => "an image"),

  EventSource: ({ join }) =>
    new Promise((resolve) => {
      const source = new EventSource(join.url);
      const end = (answer) => {
        source.close();
        resolve(answer);
      };
      source.onopen = () => end("a stream");
      source.onerror = () => end(null);
    }),

  WebSocket: ({ socket, hello }) => {
    const opens = (protocols) =>
      new Promise((resolve) => {
        const opened = new WebSocket(socket, protocols);
        opened.onopen = () => {
          opened.close();
          resolve("a socket");
        };
        opened.onclose = () => resolve(null);
      });
    return inTurn(
      () => opens([]),
      () => opens(hello),
    );
  },

  "service worker": async (target) => {
    await navigator.serviceWorker.register("/worker.js");
    const { active } = await navigator.serviceWorker.ready;
    const channel = new MessageChannel();
    const answer = new Promise((resolve) => {
      channel.port1.onmessage = ({ data }) => resolve(data);
    });
    active.postMessage(target, [channel.port2]);
    return answer;
  },

  "sandboxed frame without an origin": async ({ join, signed }) => {
    const act = `
      const read = ${read.toString()};
      (async () => {
        const answers = [
          await read(fetch(${JSON.stringify(join.url)}, { method: "POST", mode: "no-cors", body: ${JSON.stringify(join.body)} })),
          await read(fetch(${JSON.stringify(signed.url)}, { method: "POST", headers: ${JSON.stringify(signed.headers)}, body: ${JSON.stringify(signed.body)} })),
        ];
        parent.postMessage(answers.find((answer) => answer !== null) ?? null, "*");
      })();`;
    const frame = make("iframe", {
      sandbox: "allow-scripts",
      srcdoc: `<script>${act.replaceAll("<", "\\u003c")}</script>`,
    });
    const answer = message(() => frame.contentWindow);
    document.body.append(frame);
    return answer;
  },

  "embedding frame": ({ join }) => {
    const frame = make("iframe", { src: join.url });
    document.body.append(frame);
    globalThis.seen = () => seenIn(frame);
    return null;
  },

  sendBeacon: ({ join, signed }) => {
    navigator.sendBeacon(join.url, join.body);
    navigator.sendBeacon(signed.url, new Blob([signed.body], { type: "application/jc+json" }));
    return null;
  },

  "preload, style and script": ({ join }) =>
    inTurn(
      () => loaded(make("script", { src: join.url }), () => "a script"),
      () => loaded(make("script", { src: join.url, type: "module" }), () => "a module"),
      () => loaded(make("link", { rel: "stylesheet", href: join.url }), () => "a style"),
      // That something has answered is all that a preload tells, and no server can keep that from a page.
      () =>
        loaded(
          make("link", { rel: "preload", as: "fetch", href: join.url, crossOrigin: "anonymous" }),
          () => null,
        ),
    ),
};
