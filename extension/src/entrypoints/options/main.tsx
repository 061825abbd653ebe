import { browser } from "../../browser.ts";
import { connectBackend } from "../../ui/backend.ts";
import { mount } from "../../ui/mount.tsx";
import { Options } from "../../ui/options.tsx";
import { browserSurroundings, onBackgroundMessage } from "../../ui/surroundings.ts";
import "../../ui/style/tokens.css";
import "../../ui/style/base.css";
import "../../ui/style/parts.css";
import "../../ui/style/list.css";
import "../../ui/style/switcher.css";
import "../../ui/style/approval.css";
import "../../ui/style/terminals.css";
import "../../ui/style/guard.css";
import "../../ui/style/options.css";

const { version } = browser.runtime.getManifest();
// A tab stays open: `close` after opening a console would take it from under the user.
mount(
  (props) => <Options {...props} version={version} />,
  connectBackend(browser.runtime),
  { ...browserSurroundings, close: () => undefined },
  onBackgroundMessage,
);
