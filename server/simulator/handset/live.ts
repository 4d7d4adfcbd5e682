/** The handset's state, live: Server-Sent Events, and polling where they do not come through. */
import { useCallback, useEffect, useState } from "preact/hooks";
import type { HandsetAction, HandsetState } from "../../../shared/handset-view.ts";

const BASE = "/simulator/handset";
const POLL_MS = 1_500;

export type Connection = "connecting" | "live" | "lost";

export interface Live {
  readonly state: HandsetState | null;
  readonly connection: Connection;
  /** Server's clock minus this browser's, so that countdowns agree. */
  readonly offsetMs: number;
  /** Answers a prompt; resolves to whether the simulator took it. */
  answer(promptId: string, action: HandsetAction, pin?: string): Promise<boolean>;
}

/** Watches while the page is visible: a hidden tab needs no connection. */
export function useLive(): Live {
  const [state, setState] = useState<HandsetState | null>(null);
  const [connection, setConnection] = useState<Connection>("connecting");
  const [offsetMs, setOffset] = useState(0);
  const take = useCallback((next: HandsetState) => {
    setState(next);
    setOffset(next.now - Date.now());
    setConnection("live");
  }, []);

  useEffect(() => watch(take, () => setConnection("lost")), [take]);

  const answer = useCallback(
    async (promptId: string, action: HandsetAction, pin?: string) => {
      const address = `${BASE}/prompts/${encodeURIComponent(promptId)}/answer`;
      const body = JSON.stringify(pin === undefined ? { action } : { action, pin });
      const headers = { "Content-Type": "application/json" };
      try {
        const response = await fetch(address, { method: "POST", headers, body });
        if (response.ok) take(await response.json());
        return response.ok;
      } catch {
        return false;
      }
    },
    [take],
  );
  return { state, connection, offsetMs, answer };
}

function watch(take: (state: HandsetState) => void, lost: () => void): () => void {
  let events: EventSource | null = null;
  let poll: ReturnType<typeof setInterval> | undefined;

  async function readOnce(): Promise<void> {
    try {
      const response = await fetch(`${BASE}/prompts`);
      if (response.ok) take(await response.json());
      else lost();
    } catch {
      lost();
    }
  }
  function open(): void {
    events = new EventSource(`${BASE}/events`);
    events.onmessage = (event: MessageEvent<string>) => {
      clearInterval(poll);
      poll = undefined;
      take(JSON.parse(event.data));
    };
    events.onerror = () => {
      poll ??= setInterval(readOnce, POLL_MS);
      void readOnce();
    };
  }
  function close(): void {
    events?.close();
    events = null;
    clearInterval(poll);
    poll = undefined;
  }
  function visibilityChanged(): void {
    close();
    if (document.visibilityState === "visible") open();
  }
  document.addEventListener("visibilitychange", visibilityChanged);
  if (document.visibilityState === "visible") open();
  return () => {
    document.removeEventListener("visibilitychange", visibilityChanged);
    close();
  };
}

/** The simulator's clock, ticking four times a second while `running`. */
export function useNow(offsetMs: number, running: boolean, everyMs = 250): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [running, everyMs]);
  return now + offsetMs;
}
