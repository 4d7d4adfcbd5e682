/**
 * Is the callback address really ours? A call goes out to it as M-Pesa's would, and must come in at
 * this very process: only then do names, certificates, proxies and tunnels on the way all fit.
 */
import { randomBytes } from "node:crypto";

/** What walking out and back found. */
export type Walked =
  | { readonly kind: "passed" }
  /** Something answered, but the call did not come in here. */
  | { readonly kind: "elsewhere"; readonly detail: string }
  | { readonly kind: "unreachable"; readonly detail: string };

/** How a call to an address of our own ended. */
export type Reached =
  | { readonly kind: "answer"; readonly status: number }
  | { readonly kind: "not_sent" | "lost"; readonly description: string };

/** Calls that are awaited at the callback door, by the word in their path. */
export interface Footprints {
  /** A word that nobody can guess. */
  expect(): string;
  /** Something came in under a word; unexpected words are nothing. */
  came(word: string): void;
  /** Did it come in? The word is forgotten. */
  take(word: string): boolean;
}

/** Trials under way at once; more is no person. */
const AWAITED_MAX = 20;

export function footprints(): Footprints {
  const awaited = new Map<string, "awaited" | "came">();
  return {
    expect() {
      const [oldest] = awaited.keys();
      if (awaited.size >= AWAITED_MAX && oldest !== undefined) awaited.delete(oldest);
      const word = randomBytes(16).toString("hex");
      awaited.set(word, "awaited");
      return word;
    },
    came(word) {
      if (awaited.has(word)) awaited.set(word, "came");
    },
    take(word) {
      const came = awaited.get(word) === "came";
      awaited.delete(word);
      return came;
    },
  };
}

/** The path under the callback base that a trial calls; at most a proxy's prefix stands before. */
export const WALK_PATH = "walk/";

export interface WalkDeps {
  readonly footprints: Footprints;
  readonly reach: (url: URL) => Promise<Reached>;
}

/** Walks once. Never throws for what a network can do. */
export async function walkOut({ footprints, reach }: WalkDeps, base: string): Promise<Walked> {
  const word = footprints.expect();
  const reached = await reach(new URL(`${base.replace(/\/$/, "")}/${WALK_PATH}${word}`));
  const came = footprints.take(word);
  if (came && reached.kind === "answer" && reached.status === 200) return { kind: "passed" };
  const detail = reached.kind === "answer" ? `HTTP ${reached.status}` : reached.description;
  return { kind: reached.kind === "answer" ? "elsewhere" : "unreachable", detail };
}
