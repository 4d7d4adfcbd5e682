/** A dashboard's socket: hears one nudge for every payment that moves. */
import { setTimeout as sleep } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import {
  type ClientToServer,
  DASHBOARD_NAMESPACE,
  type ServerToClient,
  SOCKET_PATH,
} from "../../shared/push-events.ts";
import type { Watch } from "./endpoint.ts";

export interface Watcher {
  /** Nudged payments so far; waits a little for `expected` of them. */
  heard(expected: number): Promise<number>;
  close(): void;
}

const CONNECT_MS = 5_000;
const LATE_MS = 3_000;

/** Connects, or throws why not. */
export async function startWatcher({ origin, cookie }: Watch): Promise<Watcher> {
  const socket: Socket<ServerToClient, ClientToServer> = io(origin + DASHBOARD_NAMESPACE, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    reconnection: false,
    timeout: CONNECT_MS,
    extraHeaders: { Origin: origin, Cookie: cookie },
  });
  const nudged = new Set<string>();
  socket.on("payment", ({ id }) => nudged.add(id));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return {
    async heard(expected) {
      const until = Date.now() + LATE_MS;
      while (nudged.size < expected && Date.now() < until) await sleep(20);
      return nudged.size;
    },
    close: () => socket.disconnect(),
  };
}
