import { browser } from "wxt/browser";
import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { askEarly, LAST_PORTAL, type Question } from "../ui/early.ts";

export default defineUnlistedScript(() => {
  const portal = localStorage.getItem(LAST_PORTAL);
  const list: Question[] = portal === null ? [] : [{ verb: "directory", body: { portal } }];
  askEarly({ sendMessage: (message) => browser.runtime.sendMessage(message) }, [
    ...list,
    { verb: "state", body: {} },
  ]);
});
