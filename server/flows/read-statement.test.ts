/** A list of many pages at the pace of the gate, and what is left of one that is cut. */
import { beforeEach, expect, test } from "vitest";
import { cents } from "../../shared/money.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { StatementLine } from "../core/statement.ts";
import { createLookGate } from "../daraja/look-gate.ts";
import { handClock } from "../flow-house.test-support.ts";
import type { LookGate, PullAnswer, SilentAnswer } from "../ports.ts";
import { type Reading, readStatement } from "./read-statement.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const LIMITED: SilentAnswer = {
  ...{ kind: "silent", cause: "rate_limited", description: "spike arrest" },
  ratePerMinute: 5,
};
const DOWN: SilentAnswer = { kind: "silent", cause: "unreachable", description: "HTTP 500" };

let clock: ReturnType<typeof handClock>;
let gate: LookGate;
let resting: AbortController;
let asked: number[];
beforeEach(() => {
  clock = handClock();
  gate = createLookGate({ clock });
  resting = new AbortController();
  asked = [];
});

const lineAt = (row: number): StatementLine => ({
  receipt: `TKN${String(row).padStart(7, "0")}` as Receipt,
  amountCents: cents(100),
  reference: "ORDER1",
  phoneEnd: "001",
  paidAt: null,
});

/** A list of some pages with two rows each. */
function listOf(pages: number) {
  return (offset: number): PullAnswer => {
    const lines = offset < pages * 2 ? [lineAt(offset), lineAt(offset + 1)] : [];
    return { kind: "page", rows: lines.length, lines, whole: true };
  };
}

/** Reads while the clock runs. */
async function read(answer: (offset: number) => PullAnswer): Promise<Reading> {
  const source = {
    async pull(_from: number, _to: number, offset: number) {
      asked.push(offset);
      return answer(offset);
    },
  };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  let reading: Reading | null = null;
  const window = { from: 0, to: clock.now() };
  const deps = { source, gate, clock, log };
  const ended = readStatement(deps, window, resting.signal).then((came) => {
    reading = came;
  });
  const breathe = async () => {
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  for (await breathe(); reading === null; await breathe()) clock.pass(100);
  await ended;
  return reading;
}

/** M-Pesa's refusal of whatever comes too soon after the page before. */
function spikeArrest(perMinute: number, list: (offset: number) => PullAnswer) {
  let freeAt = 0;
  return (offset: number): PullAnswer => {
    if (clock.now() < freeAt) return { ...LIMITED, ratePerMinute: perMinute };
    freeAt = clock.now() + MINUTE / perMinute;
    return list(offset);
  };
}

test("each page waits for its turn in the bucket of the looks", async () => {
  const began = clock.elapsed();
  expect(await read(listOf(5))).toMatchObject({ whole: true, lines: { length: 10 } });
  expect(asked).toEqual([0, 2, 4, 6, 8, 10]);
  expect(clock.elapsed() - began).toBe(5 * SECOND);
});

test("where M-Pesa bears five a minute, a list of some pages becomes whole after a few pulls", async () => {
  const list = spikeArrest(5, listOf(8));
  const readings: Reading[] = [];
  for (let pulls = 0; pulls < 6; pulls += 1) {
    readings.push(await read(list));
    clock.pass(MINUTE);
  }
  expect(readings[0]).toMatchObject({ kind: "read", whole: false });
  expect(readings.slice(4)).toMatchObject([{ whole: true }, { whole: true }]);
});

test.each([
  ["refused for its rate", LIMITED],
  ["met with silence", DOWN],
])(
  "a later page that is %s leaves what was read, and a window that is not whole",
  async (_, silence) => {
    const reading = await read((offset) => (offset < 4 ? listOf(9)(offset) : silence));
    expect(reading).toMatchObject({ kind: "read", whole: false, lines: { length: 4 } });
    clock.pass(SECOND);
    const leave = gate.take("repeat");
    if (silence === DOWN) expect(leave).toBe("go");
    else expect(leave).toMatchObject({ waitMs: SECOND, because: "rate" });
  },
);

test("an unreadable row on any page makes the window less than whole", async () => {
  const reading = await read(
    (offset) => ({ ...listOf(3)(offset), whole: offset !== 2 }) as PullAnswer,
  );
  expect(reading).toMatchObject({ whole: false, lines: { length: 6 } });
});

test("a page that gets no turn within a minute is left for the next pull", async () => {
  const leaves = ["go", { waitMs: 40 * SECOND, because: "rate" }] as const;
  let takes = 0;
  gate = { ...gate, take: () => leaves[Math.min(takes++, 1)] ?? "go" };
  expect(await read(listOf(2))).toMatchObject({ whole: false, lines: { length: 2 } });
  expect(asked).toEqual([0]);
  expect(await read(listOf(2))).toEqual({ kind: "rested" });
});

test("a stop ends it after the page under way, and at once where it waits for its turn", async () => {
  const stopped = await read((offset) => {
    if (offset === 2) resting.abort();
    return listOf(9)(offset);
  });
  expect(stopped).toMatchObject({ whole: false, lines: { length: 4 } });
  resting = new AbortController();
  const began = clock.elapsed();
  gate = { ...gate, take: () => ({ waitMs: 50 * SECOND, because: "rate" }) };
  setImmediate(() => resting.abort());
  expect(await read(listOf(9))).toEqual({ kind: "rested" });
  expect(clock.elapsed() - began).toBeLessThan(SECOND);
});

test("a list without an end is left after a hundred pages", async () => {
  gate = { ...gate, take: () => "go" };
  expect(await read(() => listOf(1)(0))).toMatchObject({ whole: false });
  expect(asked).toHaveLength(100);
});
