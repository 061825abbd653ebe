import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it } from "vitest";
import { openTunnel } from "../../../cli/src/net/tunnel.ts";

it("[CF1] [CL6] gives up a proxy that says nothing, and leaves no connection open", async () => {
  const { promise: left, resolve: leaves } = Promise.withResolvers<void>();
  const silent = createServer((socket: Socket) => {
    socket.resume().once("close", leaves).on("error", leaves);
  });
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  try {
    const proxy = new URL(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const target = new URL("https://portal.sso.us-east-1.amazonaws.com/");
    await expect(openTunnel(proxy, target, undefined, 50)).rejects.toThrow(
      `the proxy http://${proxy.host} does not answer (ETIMEDOUT)`,
    );
    await left;
  } finally {
    silent.close();
  }
});
