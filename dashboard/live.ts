/**
 * Hears that something changed. A nudge names a payment and its version; a tick says "read again"
 * without knowing what: after a reconnect, on waking, and every few seconds while no socket is up.
 * What changed is always read over HTTP, so a page works with sockets blocked.
 */
import { computed, signal } from "@preact/signals";
import type { Socket } from "socket.io-client";
import {
  type ClientToServer,
  DASHBOARD_NAMESPACE,
  type PaymentNudge,
  type ServerToClient,
  SOCKET_PATH,
} from "../shared/push-events.ts";
import { reachable } from "./client.ts";

/** While the socket is down, and while it is up in case a nudge was lost. */
const POLL_MS = 5_000;
const SAFETY_POLL_MS = 60_000;
const REJOIN_MS = 5_000;
/** When this page itself signs out, the answer to that arrives within this of the socket's cut. */
const CUT_PAUSE_MS = 1_000;

const socketUp = signal(false);
const online = signal(typeof navigator === "undefined" || navigator.onLine);

/** How current the page is, for the person to see. */
export const freshness = computed<"live" | "polling" | "offline">(() => {
  if (!online.value || !reachable.value) return "offline";
  return socketUp.value ? "live" : "polling";
});

export interface Listener {
  readonly nudged: (nudge: PaymentNudge) => void;
  readonly ticked: () => void;
  /** Every minute while nobody sees the page, when ticks rest. */
  readonly unseen?: () => void;
}
const listeners = new Set<Listener>();

/** Hears nudges and ticks until the returned function is called. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Opens the socket and the clock behind it; the returned function closes both. */
export function connectLive(): () => void {
  const stop = new AbortController();
  const { signal: aborted } = stop;
  let lastTick = Date.now();
  const tick = () => {
    lastTick = Date.now();
    for (const { ticked } of listeners) ticked();
  };
  const clock = setInterval(() => {
    const hidden = document.visibilityState === "hidden";
    const wait = hidden || freshness.value === "live" ? SAFETY_POLL_MS : POLL_MS;
    if (Date.now() - lastTick < wait) return;
    if (!hidden) return tick();
    lastTick = Date.now();
    for (const { unseen } of listeners) unseen?.();
  }, 1_000);
  const wake = () => {
    online.value = navigator.onLine;
    if (online.value && document.visibilityState === "visible") tick();
  };
  for (const event of ["online", "offline", "focus"]) {
    window.addEventListener(event, wake, { signal: aborted });
  }
  document.addEventListener("visibilitychange", wake, { signal: aborted });
  void openSocket(tick, aborted);
  return () => {
    clearInterval(clock);
    stop.abort();
    socketUp.value = false;
  };
}

/** The socket's code comes after the first picture; without it the clock above does the work. */
async function openSocket(tick: () => void, aborted: AbortSignal): Promise<void> {
  const loaded = await import("socket.io-client").catch(() => null);
  if (loaded === null || aborted.aborted) return;
  const socket: Socket<ServerToClient, ClientToServer> = loaded.io(DASHBOARD_NAMESPACE, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    reconnectionDelayMax: 10_000,
  });
  let rejoin: ReturnType<typeof setTimeout> | undefined;
  let cut: ReturnType<typeof setTimeout> | undefined;
  /** A refusal or a cut by the server ends socket.io's own trying; the tick finds out why. */
  const again = () => {
    if (socket.active) return;
    clearTimeout(rejoin);
    rejoin = setTimeout(() => socket.connect(), REJOIN_MS);
  };
  socket.on("connect", () => {
    socketUp.value = true;
    tick();
  });
  socket.on("disconnect", (reason) => {
    socketUp.value = false;
    if (reason === "io server disconnect") cut = setTimeout(tick, CUT_PAUSE_MS);
    else tick();
    again();
  });
  socket.on("connect_error", again);
  socket.on("payment", (nudge) => {
    for (const { nudged } of listeners) nudged(nudge);
  });
  aborted.addEventListener("abort", () => {
    clearTimeout(rejoin);
    clearTimeout(cut);
    socket.disconnect();
  });
}
