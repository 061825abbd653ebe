import { browser } from "../../browser.ts";
import { connectBackend } from "../../ui/backend.ts";
import { afterEarly } from "../../ui/early.ts";
import { mount } from "../../ui/mount.tsx";
import { Popup } from "../../ui/popup.tsx";
import { browserSurroundings, onBackgroundMessage } from "../../ui/surroundings.ts";
import "../../ui/style/tokens.css";
import "../../ui/style/base.css";
import "../../ui/style/parts.css";
import "../../ui/style/list.css";
import "../../ui/style/switcher.css";
import "../../ui/style/popup.css";
import "../../ui/style/approval.css";
import "../../ui/style/terminals.css";
import "../../ui/style/guard.css";
import "../../ui/style/sessions.css";

const backend = connectBackend(afterEarly(browser.runtime));
mount(Popup, backend, browserSurroundings, onBackgroundMessage, () => void backend.clipboardSoon({}));
