/** One line of the doctor's. */
export interface Finding {
  readonly verdict: "ok" | "look" | "broken";
  readonly what: string;
  readonly words: string;
}

export const ok = (what: string, words: string): Finding => ({ verdict: "ok", what, words });
export const look = (what: string, words: string): Finding => ({ verdict: "look", what, words });
export const broken = (what: string, words: string): Finding => ({
  verdict: "broken",
  what,
  words,
});
