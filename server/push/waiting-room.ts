/**
 * Connections that have not yet said who they are. Each is cheap and dropped after a while, but
 * enough of them at once would fill the memory: beyond these numbers the upgrade is refused. A page
 * that is refused loses only the nudges; it reads over HTTP.
 */
import type { IncomingMessage } from "node:http";
import type { Server } from "socket.io";
import { count } from "./seats.ts";

/** Mobile customers share their carrier's addresses, and one takes well under a second to join. */
const WAITING_PER_NETWORK_MAX = 200;
const WAITING_MAX = 5_000;

/** What engine.io gives for one connection. */
interface Connection {
  readonly request: IncomingMessage;
  once(event: "close", listener: () => void): unknown;
}

export interface WaitingRoom {
  /** Whether there is room for one more from where this request comes. */
  hasRoomFor(request: IncomingMessage): boolean;
  /** Watches the connections of a server from its beginning. */
  watch(io: Server): void;
  /** Which network a watched connection came from. */
  networkOf(connection: object): string;
  /** This connection has joined: it waits no longer. */
  joined(connection: object): void;
}

/** @param networkOf which network a request comes from, behind trusted proxies. */
export function waitingRoom(networkOf: (request: IncomingMessage) => string): WaitingRoom {
  const waiting = new Map<object, string>();
  const perNetwork = new Map<string, number>();
  /** Kept beyond the request, which a connection that has joined no longer has. */
  const networks = new WeakMap<object, string>();

  function joined(connection: object): void {
    const network = waiting.get(connection);
    if (network === undefined) return;
    waiting.delete(connection);
    count(perNetwork, network, -1);
  }

  return {
    hasRoomFor: (request) =>
      waiting.size < WAITING_MAX &&
      (perNetwork.get(networkOf(request)) ?? 0) < WAITING_PER_NETWORK_MAX,
    watch: (io) => {
      io.engine.on("connection", (connection: Connection) => {
        const network = networkOf(connection.request);
        networks.set(connection, network);
        waiting.set(connection, network);
        count(perNetwork, network, 1);
        connection.once("close", () => joined(connection));
      });
    },
    networkOf: (connection) => networks.get(connection) ?? "",
    joined,
  };
}
