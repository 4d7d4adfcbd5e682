/**
 * Connections that have said who they are and listen. Each room and each network has so many
 * seats, and a connection takes one seat per kind of room, once. Who finds none loses only the
 * nudges and reads over HTTP.
 */

/**
 * A payment has one customer, with a few tabs. On a bad mobile network a page comes again every
 * few seconds while its former connections are still thought alive, for 45 seconds at most.
 */
const PER_ROOM_MAX = 50;
/**
 * A whole carrier may come from one address: 30 payments a second through it, each waited for
 * through the minute that a prompt lives, fit in here.
 */
const PER_NETWORK_MAX = 2_000;

/** What engine.io gives for one connection. */
interface Connection {
  readonly readyState: string;
  once(event: "close", listener: () => void): unknown;
}

export interface Seats {
  /** Whether this connection has asked before; true from then on. No page of ours asks twice. */
  askedBefore(connection: object): boolean;
  /** Takes a seat until the connection closes; false when there is none. */
  take(connection: Connection, room: string): boolean;
}

/** @param networkOf which network a connection came from. */
export function createSeats(networkOf: (connection: object) => string): Seats {
  const asked = new WeakSet<object>();
  const perRoom = new Map<string, number>();
  const perNetwork = new Map<string, number>();

  return {
    askedBefore(connection) {
      if (asked.has(connection)) return true;
      asked.add(connection);
      return false;
    },
    take(connection, room) {
      const network = networkOf(connection);
      // One that has closed would never give its seat back.
      if (connection.readyState === "closed") return false;
      if ((perRoom.get(room) ?? 0) >= PER_ROOM_MAX) return false;
      if ((perNetwork.get(network) ?? 0) >= PER_NETWORK_MAX) return false;
      count(perRoom, room, 1);
      count(perNetwork, network, 1);
      connection.once("close", () => {
        count(perRoom, room, -1);
        count(perNetwork, network, -1);
      });
      return true;
    },
  };
}

/** Adds to a counter; one that comes to nothing is forgotten. */
export function count(counts: Map<string, number>, name: string, by: 1 | -1): void {
  const now = (counts.get(name) ?? 0) + by;
  if (now <= 0) counts.delete(name);
  else counts.set(name, now);
}
