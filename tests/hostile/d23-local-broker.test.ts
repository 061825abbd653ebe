import { execFileSync } from "node:child_process";
import { chmod, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { post } from "../support/clients.ts";
import { LocalBroker } from "../support/local-broker.ts";
import { listenersOf, treeOf, unixListenersOf } from "../support/processes.ts";

/** Somebody else on the same computer: the local broker as it is shipped, started by its own command. */
let broker: LocalBroker;
let port: number;
let url: string;
let pid: number;
beforeAll(async () => {
  broker = await LocalBroker.install();
  const status = await broker.start();
  url = status.url!;
  port = Number(new URL(url).port);
  pid = status.pid!;
});
afterAll(() => broker?.[Symbol.asyncDispose]());

const NOBODY = "65534";

/** Run as another user of this computer. */
function asNobody(context: TestContext, words: readonly string[], input = ""): string {
  if (process.getuid?.() !== 0) context.skip("only root can act as another user");
  const as = ["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--bounding-set=-all"];
  return execFileSync("setpriv", [...as, ...words], { input, encoding: "utf8", cwd: "/" });
}

/** Sends each request on its input as raw HTTP, and prints the status of each answer. */
const SENDER = `
import json, sys, http.client
for line in sys.stdin:
    method, path, headers, body = json.loads(line)
    c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
    c.request(method, path, body, headers)
    r = c.getresponse(); r.read(); print(r.status)
`;

describe("D-23: another user of the computer", () => {
  it("D-23: [LB1] finds one socket of the whole process tree: the broker's, on 127.0.0.1", async () => {
    const tree = await treeOf(pid);
    expect(tree.length).toBeGreaterThan(1);
    const listeners = (await Promise.all(tree.map(listenersOf))).flat();
    expect(listeners).toEqual([{ address: "0100007F", port }]);
    expect((await Promise.all(tree.map(unixListenersOf))).flat()).toEqual([]);
  });

  it("D-23: [LB2] can read no file of it, also where the folders above are open", async (context) => {
    // The home folder of a careless person.
    for (let path = dirname(broker.stateDir); path.startsWith(broker.terminal.home); path = dirname(path)) {
      await chmod(path, 0o755);
    }
    await post(url, "/v1/keys"); // epoch keys are made and written
    const below = await readdir(broker.stateDir, { recursive: true });
    const paths = [broker.stateDir, ...below.map((name) => join(broker.stateDir, name))];
    expect(paths.length).toBeGreaterThan(8);
    const script =
      'while read -r p; do for t in -r -w -x; do [ "$t" "$p" ] && echo "$t $p"; done; done; true';
    expect(asNobody(context, ["sh", "-c", script], `${paths.join("\n")}\n`)).toBe("");
    // Each by its own mode, not by the folder's alone.
    expect((await broker.status()).exposed).toEqual([]);
    await chmod(broker.stateDir, 0o755);
    try {
      const files = paths.slice(1);
      expect(asNobody(context, ["sh", "-c", script], `${files.join("\n")}\n`)).toBe("");
      expect((await broker.status()).exposed).toEqual([broker.stateDir]);
    } finally {
      await chmod(broker.stateDir, 0o700);
    }
  });

  it("D-23: sees neither its memory nor its environment, and no key in its arguments", async (context) => {
    for (const one of await treeOf(pid)) {
      const look = `for f in environ mem maps fd/0; do head -c1 /proc/${one}/$f >/dev/null 2>&1 && echo $f; done; true`;
      expect(asNobody(context, ["sh", "-c", look])).toBe("");
      const argv = asNobody(context, ["cat", `/proc/${one}/cmdline`]);
      expect(argv).not.toMatch(/"d":|[\w-]{43}/);
    }
  });

  it("D-23: is refused at every path that asks for a proof, and finds nothing else there", (context) => {
    const headers = { "content-type": "application/jc+json", "jc-version": "1" };
    const open = ["/v1/health", "/v1/keys"];
    const known = Object.values(ENDPOINTS).map(({ path }) => path);
    const strange = [
      "/",
      "/v1",
      "/cdn-cgi/explorer",
      "/cdn-cgi/mf/scheduled",
      "/objects",
      "/metrics",
      "/json",
    ];
    const requests = [
      ...known.map((path) => ["POST", path, headers, "{}"]),
      ...strange.flatMap((path) => [
        ["GET", path, {}, ""],
        ["POST", path, headers, "{}"],
      ]),
      ["CONNECT", "example.org:443", {}, ""],
      ["GET", "http://example.org/", {}, ""],
    ];
    const input = requests.map((request) => JSON.stringify(request)).join("\n");
    const statuses = asNobody(context, ["/usr/bin/python3", "-c", SENDER, String(port)], input)
      .trim()
      .split("\n")
      .map(Number);
    const answered = requests.map(([, path], i) => [path, statuses[i]] as const);
    expect(answered).toHaveLength(requests.length);
    const good = answered.filter(([, status]) => status! < 400).map(([path]) => path);
    expect(good).toEqual(open);
    // workerd knows no tunnels, and says so in its own way.
    const failed = answered.filter(([path, status]) => status! >= 500 && path !== "example.org:443");
    expect(failed).toEqual([]);
  });
});
