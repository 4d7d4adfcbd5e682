/**
 * Stopping without refusing what has already arrived: the listening socket closes first, requests
 * under way end, a connection on which a request may just be arriving gets a moment.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

/** A request that was on its way when the listening socket closed has arrived by then. */
const GRACE_MS = 300;
const LOOK_EVERY_MS = 25;

export interface Draining {
  /** Resolves when every connection has ended; those that do not in time are cut. */
  stop(patienceMs: number): Promise<void>;
}

interface Connection {
  readonly underway: Set<ServerResponse>;
  /** Bytes that belong to requests already answered. */
  answeredBytes: number;
}

/** Watches a server's connections from its beginning. */
export function draining(server: Server): Draining {
  const connections = new Map<Socket, Connection>();
  let stopping = false;

  server.on("connection", (socket: Socket) => {
    connections.set(socket, { underway: new Set(), answeredBytes: 0 });
    socket.once("close", () => connections.delete(socket));
  });
  // Before the application sees it, so that the answer can still say that it is the last.
  server.prependListener("request", ({ socket }: IncomingMessage, res: ServerResponse) => {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.underway.add(res);
    if (stopping) res.shouldKeepAlive = false;
    res.once("close", () => {
      connection.underway.delete(res);
      connection.answeredBytes = socket.bytesRead;
      if (stopping && connection.underway.size === 0) socket.end();
    });
  });

  function isIdle(socket: Socket, { underway, answeredBytes }: Connection): boolean {
    return underway.size === 0 && socket.bytesRead === answeredBytes;
  }

  function sayLast({ underway }: Connection): void {
    for (const res of underway) if (!res.headersSent) res.shouldKeepAlive = false;
  }

  return {
    async stop(patienceMs) {
      stopping = true;
      const ended = new Promise<void>((resolve) => {
        // http.Server.close would cut idle connections at once, and with them what is arriving.
        NetServer.prototype.close.call(server, () => resolve());
      });
      for (const connection of connections.values()) sayLast(connection);
      const startedAt = performance.now();
      const timer = setInterval(() => {
        const passedMs = performance.now() - startedAt;
        for (const [socket, connection] of connections) {
          const idle = passedMs > GRACE_MS && isIdle(socket, connection);
          if (idle || passedMs > patienceMs) socket.destroy();
        }
      }, LOOK_EVERY_MS);
      await ended;
      clearInterval(timer);
      // Ends what http.Server itself has running.
      server.close(() => undefined);
    },
  };
}
