import ipaddr from "ipaddr.js";

/**
 * What of an address counts as one place: an IPv4 address as it is; of IPv6 the /64, since a
 * customer owns at least that and could name a fresh address for every try.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return parsed.toNormalizedString().split(":").slice(0, 4).join(":");
}
