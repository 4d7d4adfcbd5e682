import { describe, expect, it } from "vitest";
import { centsFromShillings } from "../../shared/money.ts";
import type { Reason } from "../../shared/words.ts";
import type { PromptEvent } from "./events.ts";
import {
  AMOUNT,
  attemptId,
  attemptIn,
  DAY,
  HOUR,
  LATER,
  MINUTE,
  NO_ID,
  promptFor,
  SECOND,
  START,
  subjectOf,
} from "./machine.test-support.ts";
import { decide } from "./machine.ts";
import type { Attempt, Instant, Payment } from "./payment.ts";

interface Circumstances {
  readonly at?: Instant;
  readonly payment?: Partial<Payment>;
  readonly siblings?: readonly Attempt[];
  readonly prompt?: Partial<PromptEvent>;
}

/** Asks for a prompt: `prompted`, or the refusal's code with the moment to come back. */
function ask(attempts: readonly Attempt[], circumstances: Circumstances = {}) {
  const { at = LATER, payment = {}, siblings = [], prompt = {} } = circumstances;
  const subject = subjectOf(attempts, payment, siblings);
  const decision = decide(subject, promptFor("a9", prompt), at);
  if (decision.kind === "refuse") return { code: decision.code, retryAt: decision.retryAt };
  return decision.kind === "change" ? "prompted" : decision.because;
}

const of = (id: string, patch: Partial<Attempt> = {}): Partial<Attempt> => ({
  id: attemptId(id),
  ...patch,
});

describe("the new attempt", () => {
  it("claims phone and amount, and nothing has left yet", () => {
    const decision = decide(subjectOf([]), promptFor("a9"), START + SECOND);
    expect(decision).toMatchObject({
      kind: "change",
      attempts: [],
      evidence: [],
      payment: { status: "pending", version: 8 },
      created: {
        id: "a9",
        state: "created",
        amountCents: AMOUNT,
        orderReference: "ORDER-1",
        phoneTail: "5678",
        createdAt: START + SECOND,
        sentAt: null,
        reversedCents: centsFromShillings(0),
        successSeen: false,
      },
      timeline: [{ kind: "prompt", attemptId: "a9", to: "created", detail: { phoneTail: "5678" } }],
    });
  });

  it("is told with the person who asked for it", () => {
    const by = "owner@shop.co.ke";
    const decision = decide(subjectOf([]), promptFor("a9", { by }), START + SECOND);
    expect(decision).toMatchObject({ timeline: [{ detail: { phoneTail: "5678", by } }] });
  });
});

describe("one prompt in the air for an order (§8.1)", () => {
  const sibling = (state: Attempt["state"]) => attemptIn(state, of("b1"));

  it.each([
    ["created", "payment_in_progress"],
    ["sending", "payment_in_progress"],
    ["pending", "payment_in_progress"],
    ["in_doubt", "payment_in_progress"],
    ["review", "payment_in_review"],
    ["confirmed", "order_already_paid"],
  ] as const)("an attempt that is %s in another payment of the order: %s", (state, code) => {
    expect(ask([], { siblings: [sibling(state)] })).toMatchObject({ code });
  });

  it.each(["failed", "reversed"] as const)("one that %s releases the order", (state) => {
    expect(ask([], { siblings: [sibling(state)] })).toBe("prompted");
  });

  it("the strongest word decides: paid, then review, then in progress, then reversed", () => {
    const all = (["reversed", "pending", "review", "confirmed"] as const).map((state) =>
      attemptIn(state, of(state)),
    );
    expect(ask(all)).toMatchObject({ code: "order_already_paid" });
    expect(ask(all.slice(0, 3))).toMatchObject({ code: "payment_in_review" });
    expect(ask(all.slice(0, 2))).toMatchObject({ code: "payment_in_progress" });
    expect(ask(all.slice(0, 1))).toMatchObject({ code: "payment_reversed", retryAt: null });
  });

  it.each([
    ["a pending one, asked 10 s ago", attemptIn("pending", { lastLookAt: LATER - 10_000 }), true],
    ["a pending one, asked 9 s ago", attemptIn("pending", { lastLookAt: LATER - 9_999 }), false],
    [
      "a pending one, pushed 10 s ago",
      attemptIn("pending", { lastLookAt: null, sentAt: LATER - 10_000 }),
      true,
    ],
    [
      "a pending one, pushed 9 s ago",
      attemptIn("pending", { lastLookAt: null, sentAt: LATER - 9_999 }),
      false,
    ],
    ["a doubt with an id", attemptIn("in_doubt"), true],
    ["a doubt without an id", attemptIn("in_doubt", NO_ID), false],
    ["one that is being sent", attemptIn("sending", { checkoutRequestId: "ws_CO_1" }), false],
  ])("%s: is Daraja asked first? %s", (_name, attempt, asked) => {
    const decision = decide(subjectOf([attempt]), promptFor("a9"), LATER);
    expect(decision).toMatchObject({ lookFirst: asked ? [attempt.id] : [] });
  });

  it("an attempt of another payment is asked about as well", () => {
    const subject = subjectOf([], {}, [sibling("in_doubt")]);
    expect(decide(subject, promptFor("a9"), LATER)).toMatchObject({ lookFirst: ["b1"] });
  });

  it.each([
    [LATER + 5 * SECOND, LATER + 5 * SECOND],
    [LATER + HOUR, LATER + 15 * SECOND],
    [LATER - HOUR, LATER + SECOND],
    [null, LATER + 15 * SECOND],
  ])("with the next look at %s it is worth coming back at %s", (nextLookAt, retryAt) => {
    expect(ask([attemptIn("pending", { nextLookAt })])).toMatchObject({ retryAt });
  });

  it("a doubt without an id is never released by time (§8.4)", () => {
    const lost = attemptIn("in_doubt", NO_ID);
    const years = START + 1_000 * DAY;
    expect(ask([lost], { at: years, payment: { expiresAt: years + DAY } })).toMatchObject({
      code: "payment_in_progress",
    });
  });
});

describe("a payment that is over", () => {
  it.each([
    ["cancelled", "payment_closed"],
    ["expired", "payment_expired"],
  ] as const)("closing %s: %s", (closing, code) => {
    expect(ask([], { payment: { closing } })).toEqual({ code, retryAt: null });
  });

  it("refuses from the moment it expires", () => {
    expect(ask([], { payment: { expiresAt: LATER + 1 } })).toBe("prompted");
    expect(ask([], { payment: { expiresAt: LATER } })).toMatchObject({ code: "payment_expired" });
  });
});

describe("the lock after a prompt (§8.2, §8.3)", () => {
  const RESOLVED = START + 20 * SECOND;
  const failed = (reason: Reason | null) =>
    attemptIn("failed", { reason, resolvedAt: RESOLVED, sentAt: START + SECOND });

  it.each([
    ["customer_busy", 60],
    ["too_soon", 120],
    ["mpesa_busy", 30],
    ["prompt_not_delivered", 60],
  ] as const)("after %s it lasts %i s from the failure", (reason, seconds) => {
    const until = RESOLVED + seconds * SECOND;
    expect(ask([failed(reason)], { at: until - 1 })).toEqual({
      code: "payment_in_progress",
      retryAt: until,
    });
    expect(ask([failed(reason)], { at: until })).toBe("prompted");
  });

  it.each(["cancelled", "insufficient_funds", "wrong_pin", "not_sent", "absent", "other"] as const)(
    "a definite failure (%s) lifts it at once",
    (reason) => {
      expect(ask([failed(reason)], { at: RESOLVED })).toBe("prompted");
    },
  );

  it("a failure that the query alone told is trusted 180 s after the push", () => {
    const until = START + SECOND + 180 * SECOND;
    expect(ask([failed("query_only")], { at: until - 1 })).toMatchObject({ retryAt: until });
    expect(ask([failed("query_only")], { at: until })).toBe("prompted");
  });

  it("holds for every payment of the order", () => {
    const busy = { ...failed("customer_busy"), id: attemptId("b1") };
    expect(ask([], { at: RESOLVED, siblings: [busy] })).toMatchObject({
      code: "payment_in_progress",
      retryAt: RESOLVED + MINUTE,
    });
  });

  it("35 s after the push where the money was given back already", () => {
    const reversed = attemptIn("reversed", of("b1", { sentAt: START + SECOND }));
    const until = START + SECOND + 35 * SECOND;
    expect(ask([], { at: until - 1, siblings: [reversed] })).toMatchObject({ retryAt: until });
    expect(ask([], { at: until, siblings: [reversed] })).toBe("prompted");
  });

  it("counts from the push where a failure has no moment, and asks for nothing without a reason", () => {
    const timeless = { ...failed("mpesa_busy"), resolvedAt: null };
    expect(ask([timeless], { at: START + 30 * SECOND })).toMatchObject({
      retryAt: START + 31 * SECOND,
    });
    expect(ask([failed(null)], { at: RESOLVED })).toBe("prompted");
  });

  it("the longest of several locks counts", () => {
    const two = [failed("too_soon"), { ...failed("mpesa_busy"), id: attemptId("a2") }];
    expect(ask(two, { at: RESOLVED })).toMatchObject({ retryAt: RESOLVED + 2 * MINUTE });
  });
});

describe("one prompt on a phone (§8.5)", () => {
  const elsewhere = (state: Attempt["state"], patch: Partial<Attempt> = {}) =>
    attemptIn(state, of("c1", patch));
  const withPhone = (...ofPhone: readonly Attempt[]) =>
    ask([], { prompt: { ofPhone, limits: "exempt" } });

  it.each(["created", "sending", "pending"] as const)("one that is %s keeps it busy", (state) => {
    expect(withPhone(elsewhere(state))).toEqual({
      code: "phone_in_progress",
      retryAt: LATER + 15 * SECOND,
    });
  });

  it("a doubt keeps it busy until 180 s after its push", () => {
    expect(withPhone(elsewhere("in_doubt", { sentAt: LATER - 179_999 }))).toEqual({
      code: "phone_in_progress",
      retryAt: LATER + 1,
    });
    expect(withPhone(elsewhere("in_doubt", { sentAt: LATER - 180_000 }))).toBe("prompted");
  });

  it("the youngest of several doubts counts", () => {
    const doubts = [10, 60].map((s) => elsewhere("in_doubt", { sentAt: LATER - s * SECOND }));
    expect(withPhone(...doubts)).toMatchObject({ retryAt: LATER + 170 * SECOND });
  });

  it.each(["confirmed", "failed", "review", "reversed"] as const)(
    "one that is %s does not",
    (s) => {
      expect(withPhone(elsewhere(s, { sentAt: LATER - SECOND }))).toBe("prompted");
    },
  );
});

describe("limits at the door", () => {
  const wrongPin = (id: string) =>
    attemptIn("failed", of(id, { reason: "wrong_pin", resultCode: "2001", createdAt: LATER }));
  const ofPhone = ["c1", "c2", "c3"].map(wrongPin);

  it("are refused with the moment to come back", () => {
    expect(ask([], { prompt: { ofPhone } })).toEqual({
      code: "too_many_prompts",
      retryAt: LATER + 10 * MINUTE,
    });
  });

  it("do not hold for the exempt", () => {
    expect(ask([], { prompt: { ofPhone, limits: "exempt" } })).toBe("prompted");
  });
});
