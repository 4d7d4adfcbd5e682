/**
 * How often sign-in may be tried. Counters in memory, each a fixed window that ends by itself, so
 * that nobody is ever locked out for good:
 * - one address on one account: the ordinary guesser;
 * - one address on any account: somebody who walks a list of accounts. Generous, since mobile
 *   customers share their carrier's addresses;
 * - one account from all addresses: a spread attack. Whoever signed in before from where they are
 *   now is exempt from it, so that an attacker cannot keep the owner out.
 * A browser that the person used before (known-devices.ts) has a counter of its own instead of all
 * three: neither a flood from the owner's own network nor one after a restart keeps them out.
 */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { networkOf } from "./network-of.ts";

const WINDOW_SECONDS = 15 * 60;
const TRIES_PER_PAIR = 6;
const TRIES_PER_DEVICE = 6;
const TRIES_PER_ADDRESS = 60;
const TRIES_PER_ACCOUNT = 40;
/** How long a place where somebody signed in is remembered, and how many of them. */
const KNOWN_FOR_MS = 30 * 86_400_000;
const KNOWN_MAX = 10_000;

export type Admission =
  | { readonly kind: "go" }
  | { readonly kind: "wait"; readonly seconds: number };

/** Where somebody tries to sign in. */
export interface Place {
  /** As Express names it. */
  readonly address: string;
  /** The browser, when this person signed in from it before. */
  readonly device: string | null;
}

export interface SignInThrottle {
  /** Counts a try before the password is checked, so that parallel tries count too. */
  admit(email: string, place: Place): Promise<Admission>;
  /** Takes a try back after a right password, and remembers the place. */
  forgive(email: string, place: Place): Promise<void>;
}

/** A throttle with empty counters; one per process. `now` is epoch ms. */
export function signInThrottle(now: () => number): SignInThrottle {
  const pairs = new RateLimiterMemory({ points: TRIES_PER_PAIR, duration: WINDOW_SECONDS });
  const addresses = new RateLimiterMemory({ points: TRIES_PER_ADDRESS, duration: WINDOW_SECONDS });
  const accounts = new RateLimiterMemory({ points: TRIES_PER_ACCOUNT, duration: WINDOW_SECONDS });
  const devices = new RateLimiterMemory({ points: TRIES_PER_DEVICE, duration: WINDOW_SECONDS });
  const known = new Map<string, number>();
  const isKnown = (pair: string): boolean => (known.get(pair) ?? 0) > now();
  return {
    async admit(email, { address, device }) {
      if (device !== null) return spend(devices, `${device} ${email}`);
      const place = networkOf(address);
      const pair = `${place} ${email}`;
      // The address first: one that is over its number must not leave a counter for each new name.
      const first = await spend(addresses, place);
      if (first.kind === "wait") return first;
      const second = await spend(pairs, pair);
      if (second.kind === "wait") await addresses.reward(place);
      if (second.kind === "wait" || isKnown(pair)) return second;
      return spend(accounts, email);
    },
    async forgive(email, { address, device }) {
      const place = networkOf(address);
      const pair = `${place} ${email}`;
      if (device !== null) {
        await devices.delete(`${device} ${email}`);
      } else {
        await pairs.delete(pair);
        await addresses.reward(place);
        if (!isKnown(pair)) await accounts.reward(email);
      }
      remember(known, pair, now() + KNOWN_FOR_MS);
    },
  };
}

async function spend(limiter: RateLimiterMemory, key: string): Promise<Admission> {
  try {
    await limiter.consume(key);
    return { kind: "go" };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { kind: "wait", seconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) };
  }
}

function remember(known: Map<string, number>, pair: string, until: number): void {
  known.delete(pair);
  known.set(pair, until);
  if (known.size <= KNOWN_MAX) return;
  const oldest = known.keys().next();
  if (oldest.done !== true) known.delete(oldest.value);
}
