import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Front, startFront } from "../support/front.ts";
import { type NameProxy, startNameProxy } from "../support/name-proxy.ts";
import { Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS, type Build } from "./bin.ts";
import { Partner } from "./partner.ts";

/** A broker elsewhere: reached through a proxy alone, and certified by an authority that only its company knows. */
const ADDRESS = "https://broker.example";
const ROLE = "999999999999/S3Admin";

let world: TestWorld;
let front: Front;
let proxy: NameProxy & { readonly url: string };

async function proxyTo(port: number) {
  const started = await startNameProxy(["broker.example"], port);
  return { ...started, url: `http://127.0.0.1:${started.port}` };
}

beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
  front = await startFront(["broker.example"]);
  front.renames = true;
  front.backend = world.broker.url;
  proxy = await proxyTo(front.port);
});
afterAll(async () => {
  await proxy.close();
  front.close();
  await world[Symbol.asyncDispose]();
});

/** A terminal with the authority in a file that nothing names yet. */
async function open(build: Build, env: Record<string, string>) {
  const terminal = await Terminal.open({ build, env: { NO_COLOR: "1", JCFETCH_AGENT: "off", ...env } });
  const bundle = join(terminal.home, "company.pem");
  await writeFile(bundle, `# Our authority\n${front.cert}`);
  const run = async (command: string, more: Record<string, string> = {}) => {
    const running = terminal.start([...terminal.command, ...command.split(" ")], more);
    running.closeInput();
    return running.ended;
  };
  const pair = async (address: readonly string[], more: Record<string, string> = {}) => {
    const partner = await Partner.open(world, await world.enrolledUser());
    const pairing = terminal.start([...terminal.command, "pair", ...address], more);
    await pairing.says(/Paste the code/);
    pairing.type(partner.code);
    await Promise.race([
      partner.meet(),
      pairing.ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
    ]);
    await pairing.says(/three words/);
    await partner.approve({ policy: { allow: [{ account: "999999999999", roles: ["S3Admin"] }] } });
    const { code, stderr } = await pairing.ended;
    if (code !== 0) throw new Error(stderr);
  };
  return { terminal, bundle, run, pair, [Symbol.asyncDispose]: () => terminal.close() };
}

describe.each(BUILDS)("on the way to a broker elsewhere, the %s", (build) => {
  let at: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    at = await open(build, { https_proxy: proxy.url });
    await at.pair(["--broker", ADDRESS], { AWS_CA_BUNDLE: at.bundle });
  });
  afterAll(() => at[Symbol.asyncDispose]());

  it.each([
    ["AWS_CA_BUNDLE", "AWS_CA_BUNDLE"],
    ["NODE_EXTRA_CA_CERTS", "NODE_EXTRA_CA_CERTS"],
    ["the system's list", "SSL_CERT_FILE"],
  ])("[CF1] [CF2] goes through the proxy, and trusts whom %s names", async (_, variable) => {
    const { code, stdout, stderr } = await at.run(`process ${ROLE}`, { [variable]: at.bundle });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain('"AccessKeyId"');
    expect([...proxy.hosts]).toEqual(["broker.example"]);
  });

  it("[CF2] trusts whom ca_bundle in ~/.aws/config names", async () => {
    await mkdir(join(at.terminal.home, ".aws"), { recursive: true });
    const config = join(at.terminal.home, ".aws/config");
    await writeFile(config, "[default]\nca_bundle = ~/company.pem\n");
    expect((await at.run(`process ${ROLE}`)).code).toBe(0);
    // That of a profile that is neither chosen nor ours is none of our business.
    await writeFile(config, "[profile other]\nca_bundle = ~/company.pem\n");
    expect((await at.run(`process ${ROLE}`)).code).toBe(9);
    expect((await at.run(`process ${ROLE}`, { AWS_PROFILE: "other" })).code).toBe(0);
  });

  it("[CF3] names who signed a certificate that it does not trust", async () => {
    const { code, stdout, stderr } = await at.run(`process ${ROLE}`);
    expect([code, stdout]).toEqual([9, ""]);
    expect(stderr).toContain(
      'the certificate of broker.example, through the proxy, is signed by "jcfetch simulated world", whom this computer does not trust',
    );
    expect(stderr).toContain("[certificate-refused, exit 9]");
  });

  it("[CF3] says which file of certificates it cannot read, and who named it", async () => {
    const { code, stderr } = await at.run(`process ${ROLE}`, { AWS_CA_BUNDLE: "/nowhere/ca.pem" });
    expect(code).toBe(10);
    expect(stderr).toContain("/nowhere/ca.pem (ENOENT), which AWS_CA_BUNDLE names");
  });

  it("[CF1] reaches hosts of NO_PROXY without the proxy", async () => {
    const before = proxy.hosts.size;
    const { code, stderr } = await at.run(`process ${ROLE}`, {
      no_proxy: ".example",
      AWS_CA_BUNDLE: at.bundle,
    });
    expect(code).toBe(7);
    expect(stderr).toContain("[broker-unreachable, exit 7]");
    expect(proxy.hosts.size).toBe(before);
  });
});

describe.each(BUILDS)("with a proxy that is in the way, the %s", (build) => {
  let refusing: Server;
  let seen: string[] = [];
  beforeAll(async () => {
    const answer = (status: string) => `HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`;
    refusing = createServer((request, response) => {
      seen.push(request.url ?? "");
      response.writeHead(502).end();
    }).on("connect", ({ url = "", headers }, socket) => {
      seen.push(url);
      const wants = headers["proxy-authorization"] === undefined;
      socket.end(answer(wants ? "407 Proxy Authentication Required" : "403 Forbidden"));
    });
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
  });
  beforeEach(() => {
    seen = [];
  });
  afterAll(() => void refusing.close());
  const address = (userInfo = "") =>
    `http://${userInfo}127.0.0.1:${(refusing.address() as AddressInfo).port}`;

  it("[CF1] shows it no call to a broker of this computer", async () => {
    const all = {
      http_proxy: address(),
      HTTP_PROXY: address(),
      HTTPS_PROXY: address(),
      ALL_PROXY: address(),
    };
    await using at = await open(build, all);
    await at.pair([]);
    expect((await at.run(`process ${ROLE}`)).code).toBe(0);
    expect(seen).toEqual([]);
  });

  it("[CF3] says that it refuses, that it wants a password, or that it is not there", async () => {
    await using at = await open(build, { HTTPS_PROXY: proxy.url });
    await at.pair(["--broker", ADDRESS], { AWS_CA_BUNDLE: at.bundle });
    const said = async (HTTPS_PROXY: string) => {
      const { code, stderr } = await at.run(`process ${ROLE}`, { HTTPS_PROXY });
      expect(code).toBe(7);
      expect(stderr).toContain("[proxy-refused, exit 7]");
      return stderr;
    };
    expect(await said(address())).toContain("refuses to connect to broker.example:443 (407)");
    const refused = await said(address("ana:s3cret@"));
    expect(refused).toContain("refuses to connect to broker.example:443 (403)");
    expect(refused).not.toContain("s3cret");
    expect(await said("http://127.0.0.1:1")).toContain("does not answer (ECONNREFUSED)");
    expect(await said("socks5://127.0.0.1:1")).toContain("HTTPS_PROXY is no address of an HTTP proxy");
  });
});
