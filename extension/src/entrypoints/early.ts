import { browser } from "wxt/browser";
import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { askEarly, LAST_PORTAL, type Question } from "../ui/early.ts";

export default defineUnlistedScript(() => {
  const portal = localStorage.getItem(LAST_PORTAL);
  const list: Question[] = portal === null ? [] : [{ verb: "directory", body: { portal } }];
  // The list last: while that is packed, the storage answers what the state is made of.
  const questions = [{ verb: "state", body: {} }, ...list];
  askEarly({ sendMessage: (message) => browser.runtime.sendMessage(message) }, questions);
});
