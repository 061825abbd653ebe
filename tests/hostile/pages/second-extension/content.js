/*
 * The neighbor's content script beside ours in the portal. Unlike the page, it may look into our closed shadow root, and
 * clicks what it finds there; what it says in the window looks as if it came from the page.
 */

/* global api, saySomething */

const rootOf = (host) => host.openOrClosedShadowRoot ?? api.dom?.openOrClosedShadowRoot(host) ?? null;

function clickEverything() {
  const buttons = [...document.querySelectorAll("[data-jcfetch]")].flatMap((host) => [
    host,
    ...(rootOf(host)?.querySelectorAll("button") ?? []),
  ]);
  for (const button of buttons) {
    button.click();
    for (const type of ["pointerdown", "mousedown", "mouseup", "click"])
      button.dispatchEvent(
        new MouseEvent(type, { bubbles: true, composed: true, cancelable: true, detail: 1 }),
      );
    button.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
  }
  return buttons.length;
}

api.runtime.onMessage.addListener((target, _sender, reply) => {
  const act = async () => {
    const clicked = clickEverything();
    for (const message of target.messages) window.postMessage(message, "*");
    return { clicked, answers: await saySomething(target) };
  };
  void act().then(reply);
  return true;
});
