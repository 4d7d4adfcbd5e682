/** Stands in for engine.io-client's own parser of addresses: every browser has one. */

/** The parts that engine.io reads; throws on what is no absolute address. */
export function parse(address: string): { host: string; protocol: string; port: string } {
  const { hostname, protocol, port } = new URL(address);
  return { host: hostname, protocol: protocol.slice(0, -1), port };
}
