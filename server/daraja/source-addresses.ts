/**
 * Where callbacks come from. Safaricom publishes the addresses (daraja.md §4); lists change and a
 * proxy hides the peer, so an address is a second factor, never the only lock (machine §2).
 */
import ipaddr from "ipaddr.js";

/** How much a success on an attempt's own address is trusted by itself. */
export type CallbackTrust =
  /** Every one is enough: simulator and sandbox. */
  | { readonly kind: "any" }
  /** From these addresses it is enough; from elsewhere it is held until a second source agrees. */
  | { readonly kind: "listed"; readonly ranges: readonly string[] }
  /** Never enough: the query must agree as well, however long it is silent. */
  | { readonly kind: "strict" };

/** Published addresses (daraja.md §4, [sure]) and the two that older lists add. */
export const SAFARICOM_ADDRESSES: readonly string[] = [
  "196.201.214.200",
  "196.201.214.206",
  "196.201.214.207",
  "196.201.214.208",
  "196.201.213.114",
  "196.201.213.44",
  "196.201.212.127",
  "196.201.212.138",
  "196.201.212.129",
  "196.201.212.136",
  "196.201.212.74",
  "196.201.212.69",
  "196.201.212.128",
  "196.201.212.132",
];

/** Does an address lie in one of these addresses and CIDR ranges? Mapped IPv4 counts as IPv4. */
function isListed(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const peer = ipaddr.process(address);
  return ranges.some((range) => {
    const [base, bits] = ipaddr.isValidCIDR(range)
      ? ipaddr.parseCIDR(range)
      : [ipaddr.process(range), null];
    if (base.kind() !== peer.kind()) return false;
    return peer.match(base, bits ?? (base.kind() === "ipv4" ? 32 : 128));
  });
}

/** A function from the sender's address to what a success from there needs (machine §2, confirm rule). */
export function trustIn(trust: CallbackTrust): (address: string) => "enough" | "second_source" {
  switch (trust.kind) {
    case "any":
      return () => "enough";
    case "listed":
      return (address) => (isListed(address, trust.ranges) ? "enough" : "second_source");
    case "strict":
      return () => "second_source";
  }
}

/** Whether a held success stops waiting where the query stays silent (machine §2, confirm rule). */
export function holdIn(trust: CallbackTrust): "ends" | "lasts" {
  switch (trust.kind) {
    case "any":
    case "listed":
      return "ends";
    case "strict":
      return "lasts";
  }
}
