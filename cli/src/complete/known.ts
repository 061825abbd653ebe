import { allRegions } from "@jcfetch/shared/domain/portal";
import { FORMAT_NAMES } from "@jcfetch/shared/formats/index";
import { actsOf, COMMANDS, OPTIONS } from "../args-table.ts";
import { OUTPUTS, STYLES } from "../config/own-profile.ts";
import { sessionNames } from "../config/sessions.ts";
import type { Host } from "../host.ts";
import { choices } from "../pick/choices.ts";
import { TOPIC_NAMES, USAGE } from "../usage.ts";
import type { Candidate, Known, Place } from "./candidates.ts";

/** What each command does, in the words of `jcfetch --help`; some of its lines are on two commands. */
const ABOUT = new Map(
  [...USAGE.matchAll(/^ {2}([a-z].*?) {2,}(\S.*)$/gm)].flatMap(([, names = "", about = ""]) =>
    (names.match(/(?<![\w-])[a-z][a-z-]+(?![\w-])/g) ?? []).map((name) => [name, about] as const),
  ),
);

const plain = (texts: readonly string[]): readonly Candidate[] => texts.map((text) => ({ text, about: "" }));

const optionNamed = (typed: string): keyof typeof OPTIONS | undefined =>
  (Object.keys(OPTIONS) as (keyof typeof OPTIONS)[]).find((name) => {
    const option = OPTIONS[name];
    return typed === `--${name}` || ("short" in option && typed === `-${option.short}`);
  });

export const knownOf = (host: Host): Known => ({
  commands: Object.keys(COMMANDS).map((text) => ({ text, about: ABOUT.get(text) ?? "" })),
  optionsOf(command) {
    const own =
      command === undefined
        ? ["profile", "format", "min-ttl", "version"]
        : (COMMANDS[command]?.options ?? []);
    return plain([...own, "json", "help"].map((name) => `--${name}`));
  },
  takesValue(typed) {
    const name = optionNamed(typed);
    return name !== undefined && OPTIONS[name].type === "string";
  },
  valuesOf: (place) => valuesOf(place, host),
});

async function valuesOf(place: Place, host: Host): Promise<readonly Candidate[]> {
  if (place.kind === "option") {
    switch (optionNamed(place.option)) {
      case "profile":
        return profiles(host);
      case "format":
        return plain(FORMAT_NAMES);
      case "session": {
        const names = await sessionNames(host);
        return plain(names.ok ? names.value : []);
      }
      case "style":
        return plain(STYLES);
      case "output":
        return plain(OUTPUTS);
      case "region":
        return plain(allRegions);
      default:
        return [];
    }
  }
  const { command, index, first } = place;
  if (command === "help") return index === 0 ? plain(TOPIC_NAMES) : [];
  const acts = actsOf(command);
  if (index === 0 && acts.length > 0) return plain(acts);
  if (command === "agent") return first === "share" ? profiles(host) : [];
  return index < (COMMANDS[command]?.profiles ?? 0) ? profiles(host) : [];
}

/** Profiles, and roles that can be used without one. A config file that cannot be read has none. */
async function profiles(host: Host): Promise<readonly Candidate[]> {
  const found = await choices(host);
  if (!found.ok) return [];
  return found.value.map(({ name, about }) => ({ text: name, about }));
}
