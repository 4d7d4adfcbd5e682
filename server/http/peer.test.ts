import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { peerAddress, type TrustProxy } from "./peer.ts";

/** What a server that trusts `trust` takes for the caller's address. */
async function seen(trust: TrustProxy, forwarded?: string): Promise<string> {
  const peer = peerAddress(trust);
  const server = createServer((req, res) => res.end(peer(req)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve, reject) => {
      const headers = forwarded === undefined ? {} : { "X-Forwarded-For": forwarded };
      const call = request({ port, host: "127.0.0.1", headers, agent: false }, (res) => {
        res.setEncoding("utf8").on("data", resolve);
      });
      call.on("error", reject).end();
    });
  } finally {
    server.close();
  }
}

test.each<[string, TrustProxy, string | undefined, string]>([
  ["nobody is trusted: a caller cannot name its own address", 0, "196.201.214.200", "127.0.0.1"],
  ["one proxy is trusted for what it wrote itself", 1, "196.201.214.200", "196.201.214.200"],
  [
    "what came before the trusted proxy is the caller's word",
    1,
    "196.201.214.200, 198.51.100.7",
    "198.51.100.7",
  ],
  ["a proxy by its address", ["127.0.0.0/8"], "196.201.214.200", "196.201.214.200"],
  ["another proxy's address is not this one's", ["10.0.0.0/8"], "196.201.214.200", "127.0.0.1"],
  ["no header at all", 2, undefined, "127.0.0.1"],
])("%s", async (_name, trust, forwarded, expected) => {
  expect(await seen(trust, forwarded)).toBe(expected);
});
