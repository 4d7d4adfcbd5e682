/**
 * Keeps the view fresh: nudges from the socket where it works, polling where it does not, and a
 * look whenever the page comes back from sleep, another tab or a dead network.
 */
import type { CheckoutView } from "../../shared/api.ts";
import { isSettled, isUnderway } from "../../shared/payment-view.ts";

/** The delay of the next look, ms, or null for none. `quietMs`: since something last changed. */
export function nextLookMs(
  view: CheckoutView,
  quietMs: number,
  socket: "up" | "down",
  failures: number,
): number | null {
  if (failures > 0) return Math.min(2_000 * 2 ** (failures - 1), 15_000);
  if (isSettled(view) || view.status === "open") return null;
  // A failed prompt is provisional: late money is still welcome on this page for a while.
  if (!isUnderway(view.status)) return quietMs < 600_000 ? 20_000 : null;
  if (socket === "up") return 10_000;
  if (quietMs < 60_000) return 2_000;
  return quietMs < 300_000 ? 5_000 : 15_000;
}

export interface Following {
  /** Looks now, unless a look is under way. */
  look(): void;
  /** Plans the next look for what is now known; opens the socket once a prompt is out. */
  plan(view: CheckoutView, pace: "prompting" | "as_planned"): void;
}

interface Hands {
  readonly token: string;
  /** Reads the payment and says whether the server answered. */
  read(): Promise<"reached" | "unreachable">;
  version(): number;
}

/** While a prompt is being sent, or its answer is lost, the payment is looked at all the same. */
const PROMPTING_LOOK_MS = 2_000;

/** Starts watching the page's own comings and goings; `plan` sets the pace. */
export function follow({ token, read, version }: Hands): Following {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let socket: "none" | "up" | "down" = "none";
  let failures = 0;
  let changedAt = Date.now();
  let seen = version();

  const look = async () => {
    if (looking) return;
    looking = true;
    clearTimeout(timer);
    failures = (await read()) === "reached" ? 0 : failures + 1;
    looking = false;
  };
  const goLive = async () => {
    socket = "down";
    try {
      const live = await import("./live.ts");
      live.connect(token, {
        nudged: (nudge) => nudge.version > version() && look(),
        turned: (to) => {
          socket = to;
          look();
        },
      });
    } catch {
      // Polling is enough; a later prompt tries the socket again.
      socket = "none";
    }
  };

  const back = () => document.visibilityState === "visible" && look();
  document.addEventListener("visibilitychange", back);
  addEventListener("pageshow", (event) => event.persisted && look());
  addEventListener("focus", back);
  addEventListener("online", look);

  return {
    look,
    plan(view, pace) {
      if (view.version !== seen) {
        seen = view.version;
        changedAt = Date.now();
      }
      const asked = pace === "prompting" || isUnderway(view.status);
      if (socket === "none" && asked) goLive();
      const quietMs = Date.now() - changedAt;
      const planned = nextLookMs(view, quietMs, socket === "up" ? "up" : "down", failures);
      const delay = pace === "prompting" ? PROMPTING_LOOK_MS : planned;
      clearTimeout(timer);
      if (delay !== null) timer = setTimeout(look, delay);
    },
  };
}
