import * as v from "valibot";

/*
 * Is somebody signed in at JumpCloud? Asked on the user's action only, because asking may prolong the session: we do not
 * keep alive what the user's company wants to end.
 */

/** US, EU and India keep their own consoles. */
export const CONSOLES = [
  "https://console.jumpcloud.com",
  "https://console.eu.jumpcloud.com",
  "https://console.in.jumpcloud.com",
] as const;
export type Console = (typeof CONSOLES)[number];

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_CHARS = 1_000_000;

const Self = v.object({
  firstname: v.optional(v.nullable(v.string())),
  displayname: v.optional(v.nullable(v.string())),
  username: v.optional(v.nullable(v.string())),
  email: v.optional(v.nullable(v.string())),
});

const Application = v.object({
  ssoUrl: v.string(),
  displayLabel: v.optional(v.nullable(v.string())),
  name: v.optional(v.nullable(v.string())),
});
const Applications = v.array(v.unknown());

export type JumpcloudSession =
  | { readonly status: "live"; readonly console: Console; readonly name: string | null }
  | { readonly status: "signed-out" }
  /** No usable answer: offline, or a maintenance page. */
  | { readonly status: "unknown" };

export interface JumpcloudPorts {
  readonly fetch: typeof fetch;
}

/**
 * Ask the console the user was last seen at, and the other regions only if nobody is signed in there. The session's
 * cookie says nothing: it is handed out before the sign-in already, and it belongs to a domain we have no permission for.
 */
export async function checkJumpcloud(ports: JumpcloudPorts, home: Console): Promise<JumpcloudSession> {
  const first = await askConsole(ports, home);
  if (first.status === "live") return first;
  const others = CONSOLES.filter((console) => console !== home);
  const answers = await Promise.all(others.map((console) => askConsole(ports, console)));
  return answers.find(({ status }) => status === "live") ?? first;
}

async function askConsole(ports: JumpcloudPorts, console: Console): Promise<JumpcloudSession> {
  const answer = await getJson(ports.fetch, `${console}/userconsole/api/self`);
  if (answer.kind === "signed-out") return { status: "signed-out" };
  const self = v.safeParse(Self, answer.kind === "json" ? answer.json : undefined);
  return self.success ? { status: "live", console, name: nameOf(self.output) } : { status: "unknown" };
}

/**
 * The link of the application that leads to AWS, when the console shows exactly one. Taken from JumpCloud's answer and
 * never built: its last part was chosen by an administrator.
 */
export async function awsSignInUrl(ports: JumpcloudPorts, console: Console): Promise<string | undefined> {
  const answer = await getJson(ports.fetch, `${console}/userconsole/api/applications`);
  if (answer.kind !== "json") return undefined;
  const list = v.safeParse(Applications, answer.json);
  if (!list.success) return undefined;
  const aws = list.output.flatMap((item) => {
    const app = v.safeParse(Application, item);
    return app.success && isAws(app.output) && isJumpcloudUrl(app.output.ssoUrl) ? [app.output.ssoUrl] : [];
  });
  return aws.length === 1 ? aws[0] : undefined;
}

const isAws = (app: v.InferOutput<typeof Application>): boolean =>
  /\baws\b|amazon web services|iam identity center/i.test(`${app.displayLabel ?? ""} ${app.name ?? ""}`);

function isJumpcloudUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    url.protocol === "https:" && url.port === "" && /^sso\.(?:[a-z]+\.)?jumpcloud\.com$/.test(url.hostname)
  );
}

const nameOf = (self: v.InferOutput<typeof Self>): string | null =>
  self.displayname || self.firstname || self.username || self.email || null;

type Answer = { kind: "json"; json: unknown } | { kind: "signed-out" } | { kind: "unusable" };

/** A redirect is the way to the sign-in page; a page in place of JSON is maintenance, and is not parsed. */
async function getJson(fetchIt: typeof fetch, url: string): Promise<Answer> {
  try {
    const response = await fetchIt(url, {
      credentials: "include",
      redirect: "manual",
      referrerPolicy: "no-referrer",
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status, type } = response;
    if (type === "opaqueredirect" || status === 401 || (status >= 300 && status < 400))
      return { kind: "signed-out" };
    if (status !== 200 || !response.headers.get("content-type")?.startsWith("application/json")) {
      return { kind: "unusable" };
    }
    const text = await response.text();
    return text.length <= MAX_ANSWER_CHARS ? { kind: "json", json: JSON.parse(text) } : { kind: "unusable" };
  } catch {
    return { kind: "unusable" };
  }
}
