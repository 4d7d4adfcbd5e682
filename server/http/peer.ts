/** Who is really calling, behind the proxies that the configuration trusts and no others. */
import type { IncomingMessage } from "node:http";
import proxyAddr from "proxy-addr";
import { networkOf } from "../flows/network-of.ts";

/** TRUST_PROXY: a number of hops, or the addresses and CIDRs of the proxies. */
export type TrustProxy = number | readonly string[];

/**
 * A function from a request to the client's address. X-Forwarded-For counts only as far as the
 * trusted proxies wrote it, so that a caller cannot name an address of its choice.
 */
export function peerAddress(trust: TrustProxy): (req: IncomingMessage) => string {
  const trusted =
    typeof trust === "number"
      ? (_address: string, hop: number) => hop < trust
      : proxyAddr.compile([...trust]);
  return (req) => {
    if (req.socket.remoteAddress === undefined) return "";
    return proxyAddr(req, trusted);
  };
}

/** The same as a place to count by: see `networkOf`. */
export function peerNetwork(trust: TrustProxy): (req: IncomingMessage) => string {
  const peer = peerAddress(trust);
  return (req) => networkOf(peer(req));
}
