import { SwitcherChoices } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** Recents are kept until the user says otherwise; containers and groups of tabs are asked for. */
export const choicesSlot = (storage: Storage): Slot<SwitcherChoices> =>
  slot(storage.local, "switcher", SwitcherChoices, { recents: true, containers: false, groups: false });
