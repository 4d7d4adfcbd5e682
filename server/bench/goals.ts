/** The goals this issue measures, and whether this run meets them. */
import type { LevelFigures } from "./figures.ts";
import type { Sizes } from "./sizes.ts";

export interface GoalResult {
  readonly id: string;
  readonly goal: string;
  readonly seen: string;
  readonly met: boolean;
  /** What a reader must know to judge it. */
  readonly note: string;
}

/** Where the callbacks' goals are set. */
const BUSY_CONNECTIONS = 32;
const B1_RATIO = 1.5;
const B2_RATIO = 0.65;
const LOADER_MAX_BYTES = 2_000;
/** One TCP window of ten segments (RFC 6928). */
const FIRST_LOAD_MAX_BYTES = 14_336;
const UNTIL_RECEIPT_MAX_BYTES = 28_672;

/** Judges each goal by what was measured. */
export function judge(levels: readonly LevelFigures[], sizes: Sizes): readonly GoalResult[] {
  const busy = levels.find(({ connections }) => connections === BUSY_CONNECTIONS);
  const seen = busy?.ratios.oursToEmpty.median ?? Number.NaN;
  const textbook = busy?.ratios.textbookToEmpty.median ?? Number.NaN;
  const share = (value: number) => `${value.toFixed(2)} x`;
  return [
    {
      id: "B1",
      goal: `durable callback at ${BUSY_CONNECTIONS} connections >= ${B1_RATIO} x an empty handler`,
      seen: share(seen),
      met: seen >= B1_RATIO,
      note: `the textbook's: ${share(textbook)}; each callback still has its own fsync, group commit will share one`,
    },
    {
      id: "B2",
      goal: `the same inside Express >= ${B2_RATIO} x`,
      seen: share(seen),
      met: seen >= B2_RATIO,
      note: "ours is taken before Express, so B1's figure counts here too",
    },
    sizeGoal("A1", "loader", sizes.loaderBytes, LOADER_MAX_BYTES, "14,000-43,000 B"),
    sizeGoal(
      "A2",
      "checkout before the Pay click",
      sizes.firstLoadBytes,
      FIRST_LOAD_MAX_BYTES,
      "57,000 B and 19,000 B of style",
    ),
    sizeGoal(
      "A2",
      "checkout until the receipt",
      sizes.untilReceiptBytes,
      UNTIL_RECEIPT_MAX_BYTES,
      "the same",
    ),
  ];
}

/** @param peers what comparable payment forms load, measured once beforehand. */
function sizeGoal(
  id: string,
  what: string,
  bytes: number,
  maxBytes: number,
  peers: string,
): GoalResult {
  return {
    id,
    goal: `${what} <= ${maxBytes.toLocaleString("en")} B (gzip -9)`,
    seen: `${bytes.toLocaleString("en")} B`,
    met: bytes <= maxBytes,
    note: `peers that ship a form: ${peers}`,
  };
}
