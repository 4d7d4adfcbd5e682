/** Watches the home read for what is worth an alert, and raises each matter in one tab only. */
import { computed, effect, signal } from "@preact/signals";
import { followTabs, kept, recall } from "../../kept.ts";
import { listen } from "../../live.ts";
import { followHome, home } from "../home/home-store.ts";
import { CHOICE_KEY, choice, readChoice } from "./choice.ts";
import { decide, type Matter, readKnown, seen } from "./matters.ts";
import { notify } from "./notification.ts";
import { allowSound, ring } from "./sound.ts";
import { matterPath, raisedWords } from "./words.ts";

const KNOWN_KEY = "lipia.alerts.known";
/** What one tab keeps reaches the others' storage a moment later; until then they wait. */
const SETTLE_MS = 1_000;

const known = kept(KNOWN_KEY, readKnown);
const watching = signal<"on" | "off">("off");

/** What there is to decide on: nothing while nobody is signed in or wants alerts. */
const facts = computed(() => {
  const { kinds } = choice.value;
  const now = home.reading.value;
  if (watching.value === "off" || kinds.length === 0 || now.kind !== "ready") return null;
  return { watch: now.value.watch, now: Date.parse(now.value.now), kinds };
});

/** Still so and not yet seen, the gravest first. */
export const openMatters = computed<readonly Matter[]>(() => {
  const at = facts.value;
  return at === null ? [] : decide(known.value, at.watch, at.now, at.kinds).open;
});

export function markSeen(matters: readonly Matter[]): void {
  known.value = seen(known.peek(), matters);
}

/**
 * Watches until the returned function is called.
 * @param show goes to an address of the dashboard.
 */
export function watchAlerts(show: (path: string) => void): () => void {
  watching.value = "on";
  let unfollow = () => {};
  const wanted = computed(() => (choice.value.kinds.length > 0 ? "some" : "none"));
  const endings = [
    followTabs(CHOICE_KEY, choice, readChoice),
    followTabs(KNOWN_KEY, known, readKnown),
    effect(() => {
      unfollow();
      unfollow = wanted.value === "some" ? follow() : () => {};
    }),
    effect(() => {
      if (facts.value !== null) void inOneTab(() => raiseNew(show));
    }),
  ];
  const allow = () => {
    if (choice.peek().ways.includes("sound")) allowSound();
  };
  document.addEventListener("pointerdown", allow, { once: true });
  return () => {
    document.removeEventListener("pointerdown", allow);
    for (const end of endings) end();
    unfollow();
    watching.value = "off";
  };
}

/** Alerts matter most while nobody looks at the page. */
function follow(): () => void {
  const endings = [
    followHome(),
    listen({ nudged: () => {}, ticked: () => {}, unseen: home.ticked }),
  ];
  return () => {
    for (const end of endings) end();
  };
}

/** Two tabs decide one after the other; the second finds what the first has raised. */
async function inOneTab(run: () => "raised" | "nothing"): Promise<void> {
  // Without https browsers have no locks; then two tabs may rarely both ring.
  if (navigator.locks === undefined) {
    run();
    return;
  }
  await navigator.locks.request(KNOWN_KEY, async () => {
    if (run() === "raised") await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  });
}

function raiseNew(show: (path: string) => void): "raised" | "nothing" {
  const at = facts.peek();
  if (at === null) return "nothing";
  // Another tab's word may be kept already and not yet heard of; storage may be forbidden.
  const before = { ...known.peek(), ...readKnown(recall(KNOWN_KEY)) };
  const { raise, known: after } = decide(before, at.watch, at.now, at.kinds);
  known.value = after;
  if (raise.length === 0) return "nothing";
  tell(raise, show);
  return "raised";
}

function tell(raised: readonly Matter[], show: (path: string) => void): void {
  const { ways } = choice.peek();
  if (ways.includes("sound")) void ring();
  if (!ways.includes("notification")) return;
  const onClick = () => {
    markSeen(raised);
    show(matterPath(raised));
  };
  notify({ ...raisedWords(raised), tag: raised.map(({ key }) => key).join(), onClick });
}
