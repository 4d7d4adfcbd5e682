/**
 * Stopping without refusing what has already arrived: the listening socket closes first, requests
 * under way end, a connection on which a request may just be arriving gets a moment.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

/** A connection without a request for this long has none on its way. */
const GRACE_MS = 300;
/** A turn of the event loop shorter than this has left hardly a connection waiting to be taken. */
const QUIET_TURN_MS = 1;
/** The first may be the rest of a turn that has looked at the sockets already. */
const QUIET_TURNS = 3;
/** Where no turn is short, the door closes all the same. */
const QUIET_PATIENCE_MS = 250;
const LOOK_EVERY_MS = 25;

export interface Draining {
  /** Resolves when every connection has ended; those that do not in time are cut. */
  stop(patienceMs: number): Promise<void>;
}

interface Connection {
  readonly underway: Set<ServerResponse>;
  /** Bytes that belong to requests already answered. */
  answeredBytes: number;
  /** When it was opened or last answered, by performance.now(). */
  quietSince: number;
}

/** Watches a server's connections; comes after everything else that listens for requests. */
export function draining(server: Server): Draining {
  const connections = new Map<Socket, Connection>();
  const application = server.listeners("request");
  let stopping = false;
  let taken = 0;
  /** Requests that wait while the door closes: their work would keep connections untaken. */
  let held: (() => void)[] | null = null;

  server.on("connection", (socket: Socket) => {
    taken += 1;
    connections.set(socket, {
      underway: new Set(),
      answeredBytes: 0,
      quietSince: performance.now(),
    });
    socket.once("close", () => connections.delete(socket));
  });
  function watch({ socket }: IncomingMessage, res: ServerResponse): void {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.underway.add(res);
    if (stopping) res.shouldKeepAlive = false;
    res.once("close", () => {
      connection.underway.delete(res);
      connection.answeredBytes = socket.bytesRead;
      connection.quietSince = performance.now();
    });
  }
  server.removeAllListeners("request");
  server.on("request", (req: IncomingMessage, res: ServerResponse) => {
    watch(req, res);
    const serve = () => {
      for (const listener of application) listener.call(server, req, res);
    };
    if (held === null) serve();
    else held.push(serve);
  });

  function isIdle(socket: Socket, connection: Connection, since: number): boolean {
    const { underway, answeredBytes, quietSince } = connection;
    const quietMs = performance.now() - Math.max(since, quietSince);
    return underway.size === 0 && socket.bytesRead === answeredBytes && quietMs > GRACE_MS;
  }

  function sayLast({ underway }: Connection): void {
    for (const res of underway) if (!res.headersSent) res.shouldKeepAlive = false;
  }

  return {
    async stop(patienceMs) {
      stopping = true;
      held = [];
      await quietTurns(() => taken);
      const ended = new Promise<void>((resolve) => {
        // http.Server.close would cut idle connections at once, and with them what is arriving.
        NetServer.prototype.close.call(server, () => resolve());
      });
      for (const connection of connections.values()) sayLast(connection);
      const waiting = held;
      held = null;
      for (const serve of waiting) serve();
      const startedAt = performance.now();
      const timer = setInterval(() => {
        const passedMs = performance.now() - startedAt;
        for (const [socket, connection] of connections) {
          const late = passedMs > patienceMs;
          if (late || isIdle(socket, connection, startedAt)) socket.destroy();
        }
      }, LOOK_EVERY_MS);
      await ended;
      clearInterval(timer);
      // Ends what http.Server itself has running.
      server.close(() => undefined);
    },
  };
}

/**
 * Waits for a moment in which the kernel holds hardly a connection that we have not taken yet:
 * closing the door resets those.
 * @param taken how many connections were taken so far.
 */
async function quietTurns(taken: () => number): Promise<void> {
  const until = performance.now() + QUIET_PATIENCE_MS;
  let quiet = 0;
  while (quiet < QUIET_TURNS && performance.now() < until) {
    const [began, before] = [performance.now(), taken()];
    await new Promise<void>((resolve) => setImmediate(resolve));
    const isQuiet = taken() === before && performance.now() - began < QUIET_TURN_MS;
    quiet = isQuiet ? quiet + 1 : 0;
  }
}
