import type { Actions } from "../actions.ts";
import { ScreenHeader } from "./terminals.tsx";

const keys = (mac: boolean): readonly (readonly [keys: string, does: string])[] => {
  const control = mac ? "⌘" : "Ctrl";
  return [
    ["↑ ↓ Home End", "move through the list"],
    ["Enter", "open the console as that role, or open an account"],
    [`${control} C`, "copy credentials in the last-used format"],
    [`${control} Shift C`, "copy in another format"],
    [`${control} D`, "favorite"],
    ["→ ←", "open and close an account"],
    ["Alt 1–9", "another portal"],
    ["?", "this page"],
    ["Esc", "clear the search, then close"],
  ];
};

export function KeyTable({ mac }: { mac: boolean }) {
  return (
    <dl class="keys">
      {keys(mac).map(([key, does]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}

export function HelpScreen({ actions, mac }: { actions: Actions; mac: boolean }) {
  return (
    <main class="help">
      <ScreenHeader title="Keys" actions={actions} />
      <KeyTable mac={mac} />
    </main>
  );
}
