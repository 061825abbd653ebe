import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, it } from "vitest";
import { serve } from "../../../cli/src/agent/connection.ts";

it.each(['{"v":1}\n', "GET / HTTP/1.1\r\n\r\n"])(
  "[AG15] ends the one connection that it makes a mistake on, and goes on: %j",
  async (asked) => {
    const mistake = async () => {
      throw new TypeError("a mistake");
    };
    const server = createServer((socket) => serve(socket, { line: mistake, http: mistake }));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const client = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => {});
      let heard = "";
      client.on("data", (chunk) => (heard += chunk));
      client.write(asked);
      await once(client, "close");
      expect(heard).toBe("");
    } finally {
      server.close();
    }
  },
);
