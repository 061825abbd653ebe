import { helpOn, TOPIC_NAMES, USAGE } from "../../cli/src/usage.ts";
import { VERSION } from "../../cli/src/version.ts";

/*
 * jcfetch(1), made of the very texts that `jcfetch help` shows, so that the two never differ.
 */

/** Topics that are no commands stand at the end, under headings of their own. */
const CHAPTERS: Readonly<Record<string, string>> = {
  picker: "CHOOSING A PROFILE",
  network: "PROXIES AND CERTIFICATES",
  exit: "EXIT STATUS",
};

/** @source groff_char(7), roff(7): what would be taken for a request, an escape or a hyphen that may be anything. */
function escaped(line: string): string {
  const text = line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("`", "\\(ga")
    .replaceAll("'", "\\(aq");
  return text.replaceAll("^", "\\(ha").replaceAll("~", "\\(ti").replace(/^\./, "\\&.");
}

const verbatim = (text: string): string =>
  `.nf\n${text.trimEnd().split("\n").map(escaped).join("\n")}\n.fi\n`;

const topic = (name: string): string => helpOn(name) ?? "";

/** @returns roff with the man macros, in UTF-8. */
export function manPage(): string {
  const commands = TOPIC_NAMES.filter((name) => name !== "help" && !Object.hasOwn(CHAPTERS, name)).sort();
  const [first = "", ...rest] = USAGE.split("\n");
  return [
    `.\\" Made of the texts of jcfetch help.\n.TH JCFETCH 1 "" "jcfetch ${escaped(VERSION)}" "User Commands"\n`,
    `.SH NAME\njcfetch \\- ${escaped(first.replace(/^jcfetch: /, ""))}\n`,
    ".SH SYNOPSIS\n.B jcfetch\n.I command\n.RI [ options ]\n.br\n.B jcfetch \\-\\-profile\n.I NAME\n",
    `.SH DESCRIPTION\n${verbatim(rest.join("\n").replace(/^\n+/, ""))}`,
    ".SH COMMANDS\n",
    ...commands.map((name) => `.SS ${escaped(name)}\n${verbatim(topic(name))}`),
    ...Object.entries(CHAPTERS).map(([name, heading]) => `.SH ${heading}\n${verbatim(topic(name))}`),
    ".SH SEE ALSO\n.BR aws (1)\n",
  ].join("");
}
