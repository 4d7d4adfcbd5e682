/** Bounded work at once. */

/** Runs `work` for 0 … count-1, at most `width` at a time; the first rejection rejects. */
export async function inParallel(
  count: number,
  width: number,
  work: (turn: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const walk = async () => {
    while (next < count) {
      const turn = next;
      next += 1;
      await work(turn);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, walk));
}
