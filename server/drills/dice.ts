/** Repeatable chance. */

export interface Dice {
  /** A whole number from 0 up to, but not including, `below`. */
  int(below: number): number;
  /** True in this share of the throws. */
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[];
  bytes(length: number): Buffer;
  /** Dice of their own for one turn, so that turns that run at once do not mix their draws. */
  fork(turn: number): Dice;
}

/** Dice that fall the same way for the same seed (mulberry32). */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    chance: (share) => next() < share,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError("there is nothing to pick from");
      return list[int(list.length)] as T;
    },
    shuffled<T>(list: readonly T[]): T[] {
      const keyed = list.map((value) => ({ value, key: next() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(256))),
    fork: (turn) =>
      createDice(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(turn + 1, 0xc2b2ae35)),
  };
}
