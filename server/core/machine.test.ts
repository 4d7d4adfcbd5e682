import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { ATTEMPT_STATES, type AttemptState } from "../../shared/words.ts";
import { EVENT_NAMES, type EventName } from "./cells.ts";
import type { AttemptEvent } from "./events.ts";
import {
  AMOUNT,
  ATTEMPT,
  attemptIn,
  CHECKOUT,
  heldSince,
  LATER,
  MINUTE,
  NO_ID,
  OTHER_AMOUNT,
  OTHER_RECEIPT,
  promptFor,
  RECEIPT,
  receiptOf,
  SECOND,
  START,
  subjectOf,
  usual,
} from "./machine.test-support.ts";
import { decide } from "./machine.ts";
import { machineTable } from "./machine-doc.ts";
import type { Attempt, Change, Decision, Instant } from "./payment.ts";
import { nextLookAt } from "./schedule.ts";

/*
 * What machine §4 demands of each cell, written by hand from the specification. A cell is told in
 * words: the next state, `+flag` for each new flag, `alarm`, the class of the stored evidence,
 * `look` for "look now", `held`, `id` for a stored CheckoutRequestID, `why:` the reason of a
 * failure, `later:` the code kept beside the first. What is not named must not be.
 * `ignored`, `ignored alarm`, `ignored hint` and `refused:code` change nothing at all.
 */
const NO = "ignored";
const IMPOSSIBLE = "ignored alarm";
const HINT = "ignored hint";
const DENIED = "refused:operator_refused";
const RUNNING = "refused:payment_in_progress";

// biome-ignore format: a table reads as a table
const EXPECTED: Readonly<Record<EventName, readonly string[]>> = {
  // created, sending, pending, in_doubt, confirmed, failed, review, reversed
  fence: ["sending", IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE],
  not_sent: ["failed why:not_sent", "failed why:not_sent", IMPOSSIBLE, NO, NO, NO, NO, NO],
  accepted: [IMPOSSIBLE, "pending id", NO, "in_doubt id", "confirmed id", "failed id", "review id", "reversed id"],
  rejected: [IMPOSSIBLE, "failed why:merchant_setup", IMPOSSIBLE, "failed why:merchant_setup", "confirmed +evidenceConflict", NO, NO, NO],
  unknown: [IMPOSSIBLE, "in_doubt", NO, NO, NO, NO, NO, NO],
  restart: ["failed why:not_sent", "in_doubt", NO, NO, NO, NO, NO, NO],
  callback_success: ["review id +evidenceConflict alarm E1", "confirmed id E1", "confirmed E1", "confirmed E1", "confirmed E1", "confirmed +late E1", "review E1", "reversed +evidenceConflict alarm E1"],
  callback_mismatch: ["review id +amountMismatch alarm E1", "review id +amountMismatch alarm E1", "review +amountMismatch alarm E1", "review +amountMismatch alarm E1", "confirmed +amountMismatch alarm E1", "review +amountMismatch alarm E1", "review E1", "reversed +amountMismatch alarm E1"],
  callback_failure: [IMPOSSIBLE, "failed id why:unreachable E1", "failed why:unreachable E1", "failed why:unreachable E1", "confirmed +evidenceConflict E1", "failed later:1037 E1", "review E1", NO],
  stray: [NO, NO, HINT, HINT, NO, HINT, NO, NO],
  look_silent: [NO, NO, "pending", "in_doubt", "confirmed", "failed", "review", NO],
  look_success: [IMPOSSIBLE, NO, "confirmed +receiptWanted E2", "confirmed +receiptWanted E2", "confirmed E2", "confirmed +late +receiptWanted E2", "review E2", "reversed +evidenceConflict alarm E2"],
  look_failure: [IMPOSSIBLE, NO, "pending E2", "in_doubt E2", "confirmed +evidenceConflict E2", "failed E2", "review E2", NO],
  deadline: [NO, NO, "in_doubt", NO, NO, NO, NO, NO],
  statement_row: ["review +evidenceConflict alarm E3", "confirmed E3", "confirmed E3", "confirmed E3", "confirmed E3", "confirmed +late E3", "review E3", "reversed +evidenceConflict alarm E3"],
  statement_absent: [NO, NO, "pending E3", "failed why:absent E3", "confirmed +notInStatement alarm E3", "failed E3", "review E3", NO],
  operator_confirm: [DENIED, DENIED, "confirmed E4", "confirmed E4", NO, "confirmed +late E4", "confirmed E4", DENIED],
  operator_fail: [DENIED, DENIED, DENIED, "failed why:operator E4", DENIED, NO, DENIED, DENIED],
  reversal: [DENIED, DENIED, DENIED, DENIED, "reversed E3", DENIED, "reversed E3", NO],
  aged: [NO, NO, NO, "in_doubt +aged alarm", NO, NO, NO, NO],
  prompt: [RUNNING, RUNNING, `${RUNNING} ask`, `${RUNNING} ask`, "refused:order_already_paid", "prompted", "refused:payment_in_review", "refused:payment_reversed"],
  callback_in_doubt: [IMPOSSIBLE, "in_doubt id look E1", "in_doubt look E1", "in_doubt E1", NO, "failed E1", "review E1", NO],
  callback_unsure: ["review id +evidenceConflict alarm E1", "in_doubt id held look E1", "in_doubt held look E1", "in_doubt held look E1", "confirmed E1", "in_doubt held +late look E1", "review E1", "reversed +evidenceConflict alarm E1"],
  hold_over: [IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, NO, NO, NO, NO, NO],
  callback_unreadable: [NO, NO, "pending look E1", "in_doubt look E1", NO, HINT, "review E1", NO],
};

const cells = (Object.keys(EXPECTED) as EventName[]).flatMap((event) =>
  ATTEMPT_STATES.map((state, index) => ({ event, state, expected: EXPECTED[event][index] ?? "" })),
);

/** Before the push answer is in, nothing has ids but the pending. */
function subjectFor(event: EventName, state: AttemptState) {
  const answered = event !== "accepted" || state === "pending";
  return subjectOf([attemptIn(state, answered ? {} : NO_ID)]);
}

function lookIsDue(before: Attempt, after: Attempt, at: Instant): boolean {
  return after.nextLookAt !== null && after.nextLookAt <= at && before.nextLookAt !== at;
}

function changeInWords(change: Change, before: Attempt, at: Instant): string {
  const [after] = change.attempts;
  if (after === undefined) return change.created === null ? "nothing" : "prompted";
  const fresh = after.flags.filter((flag) => !before.flags.includes(flag));
  const words = [
    after.state,
    ...fresh.map((flag) => `+${flag}`),
    before.checkoutRequestId === null && after.checkoutRequestId === CHECKOUT ? "id" : "",
    after.reason !== null && before.reason !== after.reason ? `why:${after.reason}` : "",
    after.laterResultCode === null ? "" : `later:${after.laterResultCode}`,
    after.heldAt === null ? "" : "held",
    lookIsDue(before, after, at) ? "look" : "",
    change.alarm === null ? "" : "alarm",
    ...change.evidence.map((evidence) => evidence.evidenceClass),
  ];
  return words.filter((word) => word !== "").join(" ");
}

/** A decision in the words of the table. */
function inWords(decision: Decision, before: Attempt, at: Instant): string {
  switch (decision.kind) {
    case "ignore":
      return `ignored${decision.alarm ? " alarm" : ""}${decision.hint ? " hint" : ""}`;
    case "refuse":
      return `refused:${decision.code}${decision.lookFirst.length > 0 ? " ask" : ""}`;
    case "change":
      return changeInWords(decision, before, at);
  }
}

const sorted = (words: string): string => words.split(" ").sort().join(" ");

function decideCell(event: EventName, state: AttemptState) {
  const subject = subjectFor(event, state);
  const [before = attemptIn(state)] = subject.attempts;
  const happening = event === "prompt" ? promptFor("a2") : usual(event);
  return { subject, before, decision: decide(subject, happening, LATER) };
}

describe("every cell of the machine", () => {
  it("is in the table: 25 events by 8 states", () => {
    expect(Object.keys(EXPECTED)).toEqual(Object.keys(EVENT_NAMES));
    expect(cells).toHaveLength(200);
    expect(cells.filter(({ expected }) => expected === "")).toEqual([]);
  });

  test.each(cells)("$event in $state: $expected", ({ event, state, expected }) => {
    const { before, decision } = decideCell(event, state);
    expect(sorted(inWords(decision, before, LATER))).toBe(sorted(expected));
  });

  test.each(cells)("$event in $state tells its story once", ({ event, state }) => {
    const { subject, before, decision } = decideCell(event, state);
    if (decision.kind !== "change") return expect(decision).not.toHaveProperty("attempts");
    expect(decision.payment.version).toBe(subject.payment.version + 1);
    expect(decision.timeline).toHaveLength(1);
    const [after] = decision.attempts;
    const made = decision.created;
    expect(decision.timeline[0]).toMatchObject({
      at: LATER,
      kind: event,
      attemptId: made?.id ?? before.id,
      from: made === null ? before.state : null,
      to: made?.state ?? after?.state,
      status: decision.payment.status,
    });
    expect(decision.evidence.every((evidence) => evidence.attemptId === before.id)).toBe(true);
  });

  it("is documented as it is built", () => {
    const page = readFileSync(new URL("./MACHINE.md", import.meta.url), "utf8");
    expect(page).toContain(`-->\n${machineTable()}\n<!-- /machine-table -->`);
  });
});

/** One event on one attempt; gives the words of the table and the attempt after it. */
function move(
  before: Attempt,
  event: AttemptEvent,
  { at = LATER, siblings = [] as readonly Attempt[], closed = false } = {},
) {
  const payment = closed ? { closing: "expired" as const } : {};
  const decision = decide(subjectOf([before], payment, siblings), event, at);
  const words = sorted(inWords(decision, before, at));
  const after = decision.kind === "change" ? (decision.attempts[0] ?? before) : before;
  return { words, after, decision };
}

const sibling = (state: AttemptState): Attempt =>
  attemptIn(state, { ...NO_ID, receipt: null, id: "b1" as Attempt["id"] });

describe("the fence (row 1)", () => {
  it.each(["created", "sending", "pending", "in_doubt", "review", "confirmed"] as const)(
    "a sibling that is %s supersedes the prompt before it is sent",
    (state) => {
      const { words } = move(attemptIn("created"), usual("fence"), { siblings: [sibling(state)] });
      expect(words).toBe("failed why:superseded");
    },
  );

  it.each(["failed", "reversed"] as const)("a sibling that is %s lets it pass", (state) => {
    const { after } = move(attemptIn("created"), usual("fence"), { siblings: [sibling(state)] });
    expect(after).toMatchObject({ state: "sending", sentAt: LATER });
  });

  it("another attempt of the same payment supersedes it, too", () => {
    const other = attemptIn("pending", { id: "b1" as Attempt["id"] });
    const subject = subjectOf([other, attemptIn("created")]);
    const decision = decide(subject, usual("fence"), LATER);
    expect(decision).toMatchObject({ attempts: [{ id: ATTEMPT, reason: "superseded" }] });
  });
});

describe("the push answer (rows 3 to 5)", () => {
  it("within the deadline a lost doubt becomes pending again", () => {
    const lost = attemptIn("in_doubt", NO_ID);
    const { after } = move(lost, usual("accepted"), { at: START + 20 * SECOND });
    expect(after).toMatchObject({ state: "pending", inDoubtAt: null, checkoutRequestId: CHECKOUT });
  });

  it("does not release held success", () => {
    const held = heldSince(START + 3 * SECOND, NO_ID);
    const { after } = move(held, usual("accepted"), { at: START + 5 * SECOND });
    expect(after).toMatchObject({ state: "in_doubt", heldAt: START + 3 * SECOND });
  });

  it("does not undo a doubt that a callback brought", () => {
    const doubt = attemptIn("in_doubt", { ...NO_ID, resultCode: "1036" });
    const { after } = move(doubt, usual("accepted"), { at: START + 5 * SECOND });
    expect(after).toMatchObject({ state: "in_doubt", checkoutRequestId: CHECKOUT });
  });

  it.each(["not_sent", "rejected", "superseded"] as const)(
    "contradicts a failure that said %s",
    (reason) => {
      const failed = attemptIn("failed", { ...NO_ID, reason, resultCode: null });
      expect(move(failed, usual("accepted")).words).toBe(sorted("failed id +evidenceConflict"));
    },
  );

  it.each(["in_doubt", "confirmed", "failed", "review"] as const)(
    "another id than the callback's stays out of the row and is flagged (%s)",
    (state) => {
      const known = attemptIn(state, { acceptedAt: null, flags: [] });
      const { after } = move(known, usual("accepted", { checkoutRequestId: "ws_CO_other" }));
      expect(after).toMatchObject({ checkoutRequestId: CHECKOUT, flags: ["evidenceConflict"] });
    },
  );

  it.each([
    ["merchant_setup", "merchant_setup"],
    ["customer_busy", "customer_busy"],
    ["customer_account", "customer_account"],
    ["request", "rejected"],
  ])("a rejection because of %s fails with %s", (cause, reason) => {
    const { after } = move(attemptIn("sending"), usual("rejected", { note: { cause } }));
    expect(after).toMatchObject({ state: "failed", reason, resultCode: "500.001.1001" });
  });

  it("unknown with an id that comes late gives a doubt without one something to ask by", () => {
    const told = usual("unknown", { checkoutRequestId: "ws_CO_9" });
    const anHourOn = { nextLookAt: LATER + 3_600_000 };
    const nameless = attemptIn("in_doubt", { checkoutRequestId: null, ...anHourOn });
    const { after } = move(nameless, told, { at: LATER });
    expect(after).toMatchObject({ state: "in_doubt", checkoutRequestId: "ws_CO_9" });
    expect(after.nextLookAt).toBe(LATER);
    const named = attemptIn("in_doubt", anHourOn);
    expect(decide(subjectOf([named]), told, LATER).kind).toBe("ignore");
  });

  it("unknown with an id keeps it: Daraja can be asked soon", () => {
    const told = usual("unknown", { checkoutRequestId: "ws_CO_9" });
    const { after } = move(attemptIn("sending"), told, { at: START + 20 * SECOND });
    expect(after).toMatchObject({ state: "in_doubt", checkoutRequestId: "ws_CO_9" });
    expect(after.nextLookAt).toBeLessThan(START + 60 * SECOND);
  });

  it("unknown leaves a look for later, though there is no id to ask with", () => {
    const { after } = move(attemptIn("sending"), usual("unknown"), { at: START + 20 * SECOND });
    expect(after.nextLookAt).toBeGreaterThanOrEqual(START + 20 * SECOND + 60 * MINUTE);
    expect(after).toMatchObject({ inDoubtAt: START + 20 * SECOND, resultCode: null });
  });
});

describe("success (rows 7, 8, 12, 15, 17, 23, 24)", () => {
  it("a second receipt on confirmed money is kept out of the row and cried out", () => {
    const told = usual("callback_success", { receipt: OTHER_RECEIPT });
    const { words, after } = move(attemptIn("confirmed"), told);
    expect(words).toBe(sorted("confirmed +secondReceipt alarm E1"));
    expect(after.receipt).toBe(RECEIPT);
  });

  it("the receipt that a query could not tell is filled by the callback", () => {
    const wanted = attemptIn("confirmed", {
      receipt: null,
      flags: ["receiptWanted"],
      paidAt: LATER,
    });
    const { after } = move(wanted, usual("callback_success"));
    expect(after).toMatchObject({ receipt: RECEIPT, flags: [], paidAt: START + 13 * SECOND });
  });

  it("an unsure callback fills it as well: with the query it makes two sources", () => {
    const wanted = attemptIn("confirmed", { receipt: null, flags: ["receiptWanted"] });
    expect(move(wanted, usual("callback_unsure")).after).toMatchObject({
      receipt: RECEIPT,
      flags: [],
    });
  });

  it.each([
    ["callback_unsure", ["singleSource"]],
    ["callback_success", []],
    ["look_success", []],
    ["statement_row", []],
  ] as const)("after %s a single source leaves %j", (type, flags) => {
    const single = attemptIn("confirmed", { flags: ["singleSource"] });
    expect(move(single, usual(type)).after.flags).toEqual(flags);
  });

  it.each(["callback_success", "statement_row", "operator_confirm"] as const)(
    "%s with another receipt than the held one confirms and cries out",
    (type) => {
      const { words, after } = move(heldSince(START), usual(type, { receipt: OTHER_RECEIPT }));
      expect(words).toContain("+secondReceipt");
      expect(words).toContain("alarm");
      expect(after).toMatchObject({ state: "confirmed", receipt: OTHER_RECEIPT, heldAt: null });
    },
  );

  it("the query releases held success with its receipt", () => {
    const { words, after } = move(heldSince(START), usual("look_success"));
    expect(words).toBe(sorted("confirmed E2"));
    expect(after).toMatchObject({ receipt: RECEIPT, heldAt: null, paidAt: START + 13 * SECOND });
  });

  it("money given back by a person's word is E4, and the story says whose", () => {
    const by = "owner@shop.co.ke";
    expect(move(attemptIn("confirmed"), usual("reversal", { by })).words).toBe(
      sorted("reversed E4"),
    );
    const decision = decide(subjectOf([attemptIn("confirmed")]), usual("reversal", { by }), LATER);
    expect(decision).toMatchObject({
      timeline: [{ detail: { by } }],
      evidence: [{ detail: { by } }],
    });
  });

  it("money named again without a receipt leaves the receipt wanted", () => {
    const paid = attemptIn("confirmed", {
      receipt: null,
      flags: ["receiptWanted", "singleSource"],
    });
    const { after } = move(paid, usual("callback_success", { receipt: null }));
    expect(after).toMatchObject({ receipt: null, flags: ["receiptWanted"] });
  });

  it("success after the payment was closed is late", () => {
    const { after } = move(attemptIn("in_doubt"), usual("callback_success"), { closed: true });
    expect(after).toMatchObject({ state: "confirmed", flags: ["late"] });
  });

  it("a late unsure success goes to a person where another prompt of the order runs", () => {
    const failed = attemptIn("failed");
    const { words, after } = move(failed, usual("callback_unsure"), {
      siblings: [sibling("pending")],
    });
    expect(words).toBe(sorted("review +late +evidenceConflict alarm E1"));
    expect(after).toMatchObject({ successSeen: true, receipt: RECEIPT, reason: null });
  });

  it("a hold ends after 60 s, and not before", () => {
    const held = heldSince(START);
    const early = move(held, usual("hold_over"), { at: START + MINUTE - 1 });
    expect(early.words).toBe("ignored");
    const over = move(held, usual("hold_over"), { at: START + MINUTE });
    expect(over.words).toBe(sorted("confirmed +singleSource"));
    expect(over.after).toMatchObject({ receipt: RECEIPT, receivedCents: AMOUNT });
  });

  it.each(["processing", "unknown_id", "nonsense"])(
    "a query that was reached (%s) makes the hold 30 minutes, though it is out of reach since",
    (cause) => {
      const reached = move(heldSince(START), usual("look_silent", { note: { cause } }), {
        at: START + 15 * SECOND,
      }).after;
      const gone = move(reached, usual("look_silent", { note: { cause: "unreachable" } }), {
        at: START + 90 * SECOND,
      }).after;
      const end = START + 30 * MINUTE;
      expect(move(gone, usual("hold_over"), { at: end - 1 }).words).toBe("ignored");
      expect(move(gone, usual("hold_over"), { at: end }).after.state).toBe("confirmed");
    },
  );

  it("a query that was reached before the hold is out of reach during it", () => {
    const held = heldSince(START, { queryReachedAt: START - SECOND });
    const over = move(held, usual("hold_over"), { at: START + MINUTE });
    expect(over.after.state).toBe("confirmed");
  });

  it("a query that has said failure is no silent one, whenever it said so", () => {
    for (const queryFailureAt of [START - MINUTE, START + SECOND]) {
      const doubted = heldSince(START, { queryFailureCode: "1032", queryFailureAt });
      expect(move(doubted, usual("hold_over")).words).toBe("ignored");
    }
  });

  it("held again keeps the first moment and the first look", () => {
    const first = move(attemptIn("pending"), usual("callback_unsure"), {
      at: START + MINUTE,
    }).after;
    const again = move(first, usual("callback_unsure"), { at: START + MINUTE + SECOND }).after;
    expect(again).toMatchObject({ heldAt: START + MINUTE, nextLookAt: first.nextLookAt });
  });

  it("a mismatch that names no readable amount is an amount mismatch, too", () => {
    const { after } = move(attemptIn("pending"), usual("callback_mismatch", { amountCents: null }));
    expect(after).toMatchObject({ state: "review", flags: ["amountMismatch"], successSeen: true });
  });

  it("beside settled money a mismatch of ids alone is a conflict", () => {
    const told = usual("callback_mismatch", { amountCents: AMOUNT });
    expect(move(attemptIn("confirmed"), told).after.flags).toEqual(["evidenceConflict"]);
    expect(move(attemptIn("confirmed"), usual("look_success")).after.flags).toEqual([]);
  });
});

describe("money of a single source (rows 7, 11 to 13, 15 and 24)", () => {
  const at = START + MINUTE;
  const single = () => move(heldSince(START), usual("hold_over"), { at }).after;
  const look = (before: Attempt, type: "look_silent" | "look_failure" | "look_success", ms = 0) =>
    move(before, usual(type), { at: (before.nextLookAt ?? at) + ms });

  it("is asked about on by the schedule, and woken for it", () => {
    const { nextLookAt, wakeAt } = single();
    expect(nextLookAt).toBeGreaterThanOrEqual(at + 20 * SECOND);
    expect(wakeAt).toBe(nextLookAt);
    const silent = look(single(), "look_silent").after;
    expect(silent.nextLookAt).toBeGreaterThan(nextLookAt ?? 0);
    expect(silent.wakeAt).toBe(silent.nextLookAt);
  });

  it("waits no more once the query agrees, though it said failure once", () => {
    for (const before of [single(), look(single(), "look_failure").after]) {
      const { after } = look(before, "look_success");
      expect(after).toMatchObject({ state: "confirmed", flags: [], nextLookAt: null });
      expect(after.wakeAt).toBeNull();
    }
  });

  it("comes before a person at the second agreeing failure, and is asked about no more", () => {
    const first = look(single(), "look_failure");
    expect(first.words).toBe(sorted("confirmed E2"));
    expect(first.after.nextLookAt).toBe((first.after.lastLookAt ?? 0) + 15 * SECOND);
    const second = look(first.after, "look_failure");
    expect(second.words).toBe(sorted("confirmed +evidenceConflict alarm E2"));
    expect(second.after).toMatchObject({
      flags: ["evidenceConflict", "singleSource"],
      receipt: RECEIPT,
      nextLookAt: null,
      wakeAt: null,
    });
    const asked = move(second.after, usual("look_silent"), { at: LATER });
    expect(asked.after.nextLookAt).toBeNull();
  });

  it("keeps its flag when two days of silence are over", () => {
    let attempt = single();
    for (let looks = 0; attempt.nextLookAt !== null; looks += 1) {
      expect(looks).toBeLessThan(100);
      attempt = look(attempt, "look_silent").after;
    }
    expect(attempt.lastLookAt).toBeGreaterThanOrEqual(at + 48 * 60 * MINUTE);
    expect(attempt).toMatchObject({ flags: ["singleSource"], wakeAt: null });
  });

  it.each(["callback_success", "statement_row"] as const)("ends its looks by %s", (type) => {
    expect(move(single(), usual(type)).after).toMatchObject({ flags: [], nextLookAt: null });
  });

  it("is asked about on beside another callback from an unlisted address", () => {
    const { after } = move(single(), usual("callback_unsure"));
    expect(after).toMatchObject({ flags: ["singleSource"], nextLookAt: single().nextLookAt });
  });
});

describe("held success is never failed (rows 4, 9, 13, 16, 18)", () => {
  it.each(["rejected", "callback_failure", "statement_absent"] as const)(
    "%s sends it to a person",
    (type) => {
      const { words, after } = move(heldSince(START), usual(type));
      expect(words).toContain("review");
      expect(words).toContain("+evidenceConflict");
      expect(words).toContain("alarm");
      expect(after).toMatchObject({ receipt: RECEIPT, nextLookAt: null, successSeen: true });
    },
  );

  it("the second agreeing query failure does, the first does not", () => {
    const first = move(heldSince(START), usual("look_failure"));
    expect(first.words).toBe(sorted("in_doubt held E2"));
    const second = move(first.after, usual("look_failure"), { at: LATER + 15 * SECOND });
    expect(second.words).toBe(sorted("review held +evidenceConflict alarm E2"));
  });

  it("an operator may not", () => {
    expect(move(heldSince(START), usual("operator_fail")).words).toBe(DENIED);
  });
});

describe("the fail rule of the query (row 13)", () => {
  const first = () => move(attemptIn("pending"), usual("look_failure")).after;

  it("the first answer asks again after 15 s", () => {
    expect(first()).toMatchObject({
      queryFailureCode: "1037",
      queryFailureAt: LATER,
      nextLookAt: LATER + 15 * SECOND,
      looks: 4,
      lastLookAt: LATER,
    });
  });

  it.each([
    [14_999, "1037", "pending"],
    [15_000, "1037", "failed"],
    [15_000, "1032", "pending"],
  ])("after %i ms a second %s leaves it %s", (ms, code, state) => {
    const { after } = move(first(), usual("look_failure", { code }), { at: LATER + ms });
    expect(after.state).toBe(state);
    expect(after.reason).toBe(state === "failed" ? "query_only" : null);
  });

  it("another code begins the count anew, the same code too early does not", () => {
    const other = move(first(), usual("look_failure", { code: "1032" }), { at: LATER + MINUTE });
    expect(other.after.queryFailureAt).toBe(LATER + MINUTE);
    const same = move(first(), usual("look_failure"), { at: LATER + 10 * SECOND });
    expect(same.after.queryFailureAt).toBe(LATER);
  });

  it("codes that go on disagreeing are asked about as the schedule has it", () => {
    let attempt = move(attemptIn("pending"), usual("look_failure")).after;
    let at = LATER;
    for (const code of ["1032", "1037", "1032", "1037"]) {
      at += 15 * SECOND;
      const { after } = move(attempt, usual("look_failure", { code }), { at });
      expect(after.nextLookAt).toBe(nextLookAt(after, at));
      attempt = after;
    }
    const agreed = move(attempt, usual("look_failure"), { at: at + 15 * SECOND });
    expect(agreed.after.reason).toBe("query_only");
  });

  it("silence between the two does not break the agreement", () => {
    const silent = move(first(), usual("look_silent"), { at: LATER + 15 * SECOND }).after;
    const last = move(silent, usual("look_failure"), { at: LATER + 30 * SECOND });
    expect(last.words).toBe(sorted("failed why:query_only E2"));
  });
});

describe("failure codes (rows 9 and 22)", () => {
  it("a callback's code replaces the verdict of the query", () => {
    const byQuery = attemptIn("failed", { reason: "query_only", resultCode: "1037" });
    const { after } = move(byQuery, usual("callback_failure", { code: "1" }));
    expect(after).toMatchObject({ reason: "insufficient_funds", resultCode: "1" });
    expect(after.laterResultCode).toBeNull();
  });

  it("a callback's code fills a failure that had none", () => {
    const absent = attemptIn("failed", { reason: "absent", resultCode: null });
    expect(move(absent, usual("callback_failure")).after).toMatchObject({
      reason: "unreachable",
      resultCode: "1037",
    });
  });

  it("the same code once more changes nothing but the evidence", () => {
    const failed = attemptIn("failed");
    const { after } = move(failed, usual("callback_failure", { code: "1032" }));
    expect(after).toEqual(failed);
  });

  it("a failure without a known code is kept as other", () => {
    const { after } = move(attemptIn("pending"), usual("callback_failure", { code: null }));
    expect(after).toMatchObject({ state: "failed", reason: "other", resultCode: null });
  });

  it("a doubt without an id learns it from the callback and is asked at once", () => {
    const lost = attemptIn("in_doubt", NO_ID);
    const { words, after } = move(lost, usual("callback_in_doubt"));
    expect(words).toBe(sorted("in_doubt id look E1"));
    expect(after).toMatchObject({ resultCode: "1036", inDoubtAt: START + 2 * MINUTE });
  });

  it("a definite code replaces the code that was in doubt", () => {
    const doubt = attemptIn("in_doubt", { resultCode: "E3008" });
    expect(move(doubt, usual("callback_failure")).after.resultCode).toBe("1037");
  });
});

describe("time alone (rows 14, 20)", () => {
  it("the deadline comes 120 s after acceptance", () => {
    const pending = attemptIn("pending", { nextLookAt: START + 132 * SECOND });
    const at = START + 122 * SECOND;
    expect(move(pending, usual("deadline"), { at: at - 1 }).words).toBe("ignored");
    expect(move(pending, usual("deadline"), { at }).after).toMatchObject({
      state: "in_doubt",
      inDoubtAt: at,
      nextLookAt: START + 132 * SECOND,
    });
  });

  it("a doubt ages after 24 h, once", () => {
    const doubt = attemptIn("in_doubt");
    const at = START + 2 * MINUTE + 24 * 60 * MINUTE;
    expect(move(doubt, usual("aged"), { at: at - 1 }).words).toBe("ignored");
    const { after } = move(doubt, usual("aged"), { at });
    expect(after.flags).toEqual(["aged"]);
    expect(move(after, usual("aged"), { at: at + 1 }).words).toBe("ignored");
  });
});

describe("statements (rows 15, 16)", () => {
  it.each(["sending", "pending", "in_doubt", "failed"] as const)(
    "another amount sends %s to a person",
    (state) => {
      const told = usual("statement_row", { amountCents: OTHER_AMOUNT });
      const { after } = move(attemptIn(state), told);
      expect(after).toMatchObject({
        state: "review",
        receipt: RECEIPT,
        receivedCents: OTHER_AMOUNT,
      });
      expect(after.flags).toEqual(["amountMismatch"]);
    },
  );

  it("another amount than the confirmed one is flagged, another receipt as well", () => {
    const amount = usual("statement_row", { amountCents: OTHER_AMOUNT });
    expect(move(attemptIn("confirmed"), amount).words).toBe(
      sorted("confirmed +amountMismatch alarm E3"),
    );
    const receipt = usual("statement_row", { receipt: OTHER_RECEIPT });
    expect(move(attemptIn("confirmed"), receipt).words).toBe(
      sorted("confirmed +secondReceipt alarm E3"),
    );
  });

  it("another receipt is a second payment, whatever its amount", () => {
    const told = usual("statement_row", { receipt: OTHER_RECEIPT, amountCents: OTHER_AMOUNT });
    expect(move(attemptIn("confirmed"), told).words).toBe(
      sorted("confirmed +secondReceipt alarm E3"),
    );
  });

  it("held success under another receipt is confirmed by an equal sum, else a person decides", () => {
    const told = usual("statement_row", { receipt: OTHER_RECEIPT, amountCents: OTHER_AMOUNT });
    const { after } = move(heldSince(START), told);
    expect(after).toMatchObject({ state: "review", receipt: RECEIPT, flags: ["amountMismatch"] });
  });

  it("it agrees with what was received where an operator confirmed another sum", () => {
    const less = attemptIn("confirmed", { receivedCents: OTHER_AMOUNT });
    const told = usual("statement_row", { amountCents: OTHER_AMOUNT });
    expect(move(less, told).words).toBe(sorted("confirmed E3"));
    const unsaid = attemptIn("confirmed", { receivedCents: null });
    expect(move(unsaid, usual("statement_row")).words).toBe(sorted("confirmed E3"));
  });

  it("a row for a contradiction is offered with its receipt", () => {
    const open = attemptIn("review", { receipt: null, receivedCents: null });
    expect(move(open, usual("statement_row")).after.receipt).toBe(RECEIPT);
    const other = attemptIn("review", { receipt: null });
    expect(move(other, usual("statement_row")).after).toMatchObject({
      receipt: null,
      provenReceipts: [{ receipt: RECEIPT, amountCents: AMOUNT }],
    });
    const named = usual("statement_row", { receipt: OTHER_RECEIPT });
    expect(move(attemptIn("review"), named).after.receipt).toBe(RECEIPT);
  });

  it("absence needs 15 minutes since the push", () => {
    const at = START + SECOND + 15 * MINUTE;
    const doubt = attemptIn("in_doubt");
    expect(move(doubt, usual("statement_absent"), { at: at - 1 }).words).toBe("ignored");
    expect(move(doubt, usual("statement_absent"), { at }).after.reason).toBe("absent");
  });

  it("absence hardens the verdict of the query", () => {
    const byQuery = attemptIn("failed", { reason: "query_only" });
    expect(move(byQuery, usual("statement_absent")).after.reason).toBe("absent");
  });
});

describe("operators (rows 17, 18)", () => {
  it.each(["pending", "in_doubt", "failed", "review"] as const)(
    "without a receipt nothing is confirmed (%s)",
    (state) => {
      const told = usual("operator_confirm", { receipt: null });
      expect(move(attemptIn(state), told).words).toBe(DENIED);
    },
  );

  it("the wanted receipt is filled, and only by a receipt", () => {
    const wanted = attemptIn("confirmed", { receipt: null, flags: ["receiptWanted"] });
    expect(move(wanted, usual("operator_confirm")).after).toMatchObject({
      receipt: RECEIPT,
      flags: [],
    });
    expect(move(wanted, usual("operator_confirm", { receipt: null })).words).toBe(DENIED);
  });

  it("a receipt with another amount than was received is flagged and stays wanted", () => {
    const wanted = attemptIn("confirmed", { receipt: null, flags: ["receiptWanted"] });
    const other = move(wanted, usual("operator_confirm", { amountCents: OTHER_AMOUNT }));
    expect(other.words).toBe(sorted("confirmed +amountMismatch alarm E4"));
    expect(other.after).toMatchObject({ receipt: null, receivedCents: AMOUNT });
    const same = move(wanted, usual("operator_confirm", { amountCents: AMOUNT }));
    expect(same.after).toMatchObject({ receipt: RECEIPT, flags: [] });
  });

  it("a doubt may be failed 180 s after the push", () => {
    const at = START + SECOND + 180 * SECOND;
    const doubt = attemptIn("in_doubt");
    expect(move(doubt, usual("operator_fail"), { at: at - 1 }).words).toBe(DENIED);
    expect(move(doubt, usual("operator_fail"), { at }).after.reason).toBe("operator");
  });

  it("a contradiction may be failed only where no success was ever seen", () => {
    const bare = attemptIn("review", { successSeen: false });
    expect(move(bare, usual("operator_fail")).after.reason).toBe("operator");
  });

  it("what was received in a contradiction is what is confirmed", () => {
    const { after, decision } = move(attemptIn("review"), usual("operator_confirm"));
    expect(after).toMatchObject({ state: "confirmed", receivedCents: OTHER_AMOUNT });
    expect(decision).toMatchObject({ payment: { status: "review" } });
  });
});

describe("reversals (row 19)", () => {
  it("a part leaves the attempt confirmed and the payment reversed; the rest reverses it", () => {
    const part = usual("reversal", { amountCents: OTHER_AMOUNT });
    const first = move(attemptIn("confirmed"), part);
    expect(first.after).toMatchObject({ state: "confirmed", reversedCents: OTHER_AMOUNT });
    expect(first.decision).toMatchObject({ payment: { status: "reversed" } });
    const second = move(first.after, usual("reversal", { amountCents: AMOUNT }));
    expect(second.after.state).toBe("reversed");
  });

  it("a contradiction is reversed by what it received", () => {
    const unknown = attemptIn("review", { receivedCents: null });
    expect(move(unknown, usual("reversal")).after).toMatchObject({
      state: "reversed",
      reversedCents: AMOUNT,
    });
    const part = usual("reversal", { amountCents: OTHER_AMOUNT });
    expect(move(unknown, part).after).toMatchObject({ state: "review" });
  });
});

describe("the story and the evidence", () => {
  it("tell what was told, in shillings, and no more", () => {
    const { decision } = move(
      attemptIn("pending"),
      usual("callback_mismatch", { description: "Processed.", receipt: receiptOf("UKO1111111") }),
    );
    expect(decision).toMatchObject({
      evidence: [{ success: true, receipt: "UKO1111111", amountCents: OTHER_AMOUNT }],
    });
    expect(decision.kind === "change" && decision.timeline[0]?.detail).toEqual({
      code: "0",
      description: "Processed.",
      receipt: "UKO1111111",
      amount: 20,
      amountDiffers: true,
    });
    const bare = move(attemptIn("pending"), usual("deadline")).decision;
    expect(bare.kind === "change" && bare.timeline[0]?.detail).toEqual({});
  });

  it("an attempt of another payment is an alarm", () => {
    const stranger = usual("callback_success", {}, "zz" as Attempt["id"]);
    expect(move(attemptIn("pending"), stranger).words).toBe(sorted(IMPOSSIBLE));
  });

  it("a clock that ran backwards does not reach the rows (I22)", () => {
    const subject = subjectOf([attemptIn("pending")], { updatedAt: LATER });
    const decision = decide(subject, usual("callback_success", { paidAt: null }), START);
    expect(decision).toMatchObject({
      payment: { updatedAt: LATER },
      attempts: [{ resolvedAt: LATER, paidAt: LATER }],
      timeline: [{ at: LATER }],
    });
  });
});

describe("facts are merged and never shrink (I5, I15)", () => {
  it("held amount and receipt outlive a callback that differs", () => {
    const told = usual("callback_mismatch", { receipt: OTHER_RECEIPT });
    const { after } = move(heldSince(START), told);
    expect(after).toMatchObject({ state: "review", receivedCents: AMOUNT, receipt: RECEIPT });
  });

  it("a code in doubt is kept where the failure names none", () => {
    const doubt = attemptIn("in_doubt", { resultCode: "E3008", resultDescription: "bad debt" });
    const { after } = move(doubt, usual("statement_absent"));
    expect(after).toMatchObject({ resultCode: "E3008", resultDescription: "bad debt" });
  });

  it.each([
    ["failed", "callback_in_doubt"],
    ["confirmed", "callback_success"],
    ["confirmed", "callback_unsure"],
    ["review", "callback_failure"],
  ] as const)("%s without an id learns it from %s", (state, type) => {
    const { after } = move(attemptIn(state, NO_ID), usual(type));
    expect(after).toMatchObject({ state, checkoutRequestId: CHECKOUT });
  });

  it.each(["confirmed", "failed", "review"] as const)("a look at %s plans no other", (state) => {
    const { after } = move(attemptIn(state), usual("look_silent"));
    expect(after).toMatchObject({ looks: 1, lastLookAt: LATER, nextLookAt: null });
  });
});

describe("closing", () => {
  const close = (attempts: readonly Attempt[], type: "cancel" | "expire", patch = {}) =>
    decide(subjectOf(attempts, patch), { type }, START + 3 * 24 * 60 * MINUTE);

  it.each([
    ["cancel", "cancelled"],
    ["expire", "expired"],
  ] as const)("%s closes an open payment as %s", (type, status) => {
    expect(close([], type)).toMatchObject({
      kind: "change",
      payment: { status, closing: status, retryAt: null },
      attempts: [],
      timeline: [{ kind: status, attemptId: null, status }],
    });
  });

  it("a failed attempt does not stand in the way", () => {
    expect(close([attemptIn("failed")], "cancel")).toMatchObject({
      payment: { closing: "cancelled" },
    });
  });

  it.each([
    ["created", "payment_in_progress"],
    ["sending", "payment_in_progress"],
    ["pending", "payment_in_progress"],
    ["in_doubt", "payment_in_progress"],
    ["review", "payment_in_review"],
    ["confirmed", "order_already_paid"],
  ] as const)("while an attempt is %s both are refused: %s", (state, code) => {
    expect(close([attemptIn(state)], "cancel")).toMatchObject({ kind: "refuse", code });
    expect(close([attemptIn(state)], "expire")).toMatchObject({ kind: "refuse", code });
  });

  it("what is over stays as it is", () => {
    expect(close([], "cancel", { closing: "expired" }).kind).toBe("ignore");
    expect(close([attemptIn("reversed")], "cancel").kind).toBe("ignore");
  });

  it("time does not close before it has run out", () => {
    const subject = subjectOf([]);
    const { expiresAt } = subject.payment;
    expect(decide(subject, { type: "expire" }, expiresAt - 1).kind).toBe("ignore");
    expect(decide(subject, { type: "expire" }, expiresAt).kind).toBe("change");
  });
});
