import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AttemptId } from "../core/payment.ts";
import type { DarajaCall, StoredCall } from "../ports.ts";
import { callNotes } from "./call-notes.ts";

const CALL: DarajaCall = {
  attemptId: "a1" as AttemptId,
  call: "push",
  at: 1,
  tookMs: 2,
  sent: "{}",
  status: 200,
  answer: "{}",
  fault: null,
};
let commits: (readonly StoredCall[])[];
let fails: boolean;
let warned: string[];
beforeEach(() => {
  vi.useFakeTimers();
  [commits, fails, warned] = [[], false, []];
});
afterEach(() => vi.useRealTimers());

function notes() {
  let made = 0;
  return callNotes({
    environment: "simulator",
    ids: {
      row(prefix) {
        made += 1;
        return `${prefix}_${made}`;
      },
    },
    log: {
      info: () => undefined,
      error: () => undefined,
      warn: (message) => void warned.push(message),
    },
    story: {
      async keepCalls(_environment, calls) {
        if (fails) throw new Error("disk full");
        commits.push(calls);
      },
    },
  });
}

test("calls of one moment are kept in one commit, and nobody waits for it", async () => {
  const { heard } = notes();
  heard(CALL);
  heard({ ...CALL, call: "query" });
  expect(commits).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(commits.map((calls) => calls.map(({ id, call }) => [id, call]))).toEqual([
    [
      ["dcl_1", "push"],
      ["dcl_2", "query"],
    ],
  ]);
  heard(CALL);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(commits).toHaveLength(2);
});

test("a flush keeps what is waiting at once", async () => {
  const { heard, flush } = notes();
  heard(CALL);
  await flush();
  expect(commits).toHaveLength(1);
  await flush();
  expect(commits).toHaveLength(1);
});

test("a database that takes nothing loses these calls with a word, and the next are kept", async () => {
  const { heard, flush } = notes();
  fails = true;
  heard(CALL);
  await flush();
  expect(warned).toEqual(["daraja_calls_not_kept"]);
  fails = false;
  heard(CALL);
  await flush();
  expect(commits).toHaveLength(1);
});
