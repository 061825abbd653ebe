import { browser } from "../../browser.ts";
import { connectBackend } from "../../ui/backend.ts";
import { mount } from "../../ui/mount.tsx";
import { browserSurroundings, onBackgroundMessage } from "../../ui/surroundings.ts";
import { Welcome } from "../../ui/welcome.tsx";
import "../../ui/style/tokens.css";
import "../../ui/style/base.css";
import "../../ui/style/parts.css";
import "../../ui/style/options.css";
import "../../ui/style/welcome.css";

// A tab stays open: `close` after opening the sign-in would take the next step from under the user.
const around = { ...browserSurroundings, close: () => undefined };
mount(Welcome, connectBackend(browser.runtime), around, onBackgroundMessage);
