/** Sockets as our pages open them: every frame that comes is looked through for canaries. */
import { io, type ManagerOptions, type SocketOptions } from "socket.io-client";
import { SOCKET_PATH } from "../../shared/push-events.ts";
import type { Tally } from "./drill.ts";
import type { DrillHouse } from "./house.ts";
import { leaksIn } from "./leaks.ts";

const CONNECT_PATIENCE_MS = 10_000;

/** How a frame of socket.io begins that carries an event. */
const EVENT = /^2(?:\/[^,]*,)?\[/;

export interface Listener {
  /** Ends it. @returns how many events were heard. */
  close(): number;
}

/** Joins a namespace and resolves when it is joined; events count as `nudges to <name>`. */
export async function listen(
  { house, tally }: { readonly house: DrillHouse; readonly tally: Tally },
  name: string,
  namespace: string,
  options: Partial<ManagerOptions & SocketOptions>,
): Promise<Listener> {
  const socket = io(house.origin + namespace, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  let events = 0;
  // Frames and not events: what a page ignores has reached the browser all the same.
  socket.io.engine.on("packet", ({ type, data }: { type: string; data?: unknown }) => {
    if (type !== "message") return;
    const text = String(data);
    if (EVENT.test(text)) events += 1;
    for (const leak of leaksIn(text, house.canaries)) {
      tally.fault(`canary in a frame to ${name}: ${leak}`);
    }
  });
  const joined = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("connect_error", () => resolve(false));
    setTimeout(resolve, CONNECT_PATIENCE_MS, false).unref();
  });
  if (!joined) tally.fault(`${name} may not listen`);
  return {
    close() {
      socket.disconnect();
      tally.count(`nudges to ${name}`, events);
      return events;
    },
  };
}
