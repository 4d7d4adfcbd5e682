import { describe, expect, it } from "vitest";
import type { CheckoutView } from "../../shared/api.ts";
import { firstModel, LOST_GRACE_MS, type Model, reduce, screenOf, waitMs } from "./machine.ts";

const AT = Date.parse("2026-11-24T09:00:00.000Z");
const iso = (at: number): string => new Date(at).toISOString();

function view(patch: Partial<CheckoutView> = {}): CheckoutView {
  return {
    id: "pay_1",
    version: 1,
    livemode: false,
    simulated: true,
    accent: null,
    logo: null,
    merchantName: "Amani",
    amount: 1250,
    orderReference: "SHOP-1",
    accountReference: "SHOP1",
    description: null,
    status: "open",
    closed: false,
    reason: null,
    receipt: null,
    paidAt: null,
    phoneNumber: null,
    phoneKnown: false,
    promptedAt: null,
    retryAt: null,
    codeTold: false,
    expiresAt: iso(AT + 3_600_000),
    successUrl: null,
    cancelUrl: null,
    now: iso(AT),
    ...patch,
  };
}

const start = (patch: Partial<CheckoutView> = {}, phone = "0712345678"): Model =>
  firstModel(view(patch), phone, AT);
const pending = view({ version: 2, status: "pending", promptedAt: iso(AT) });

describe("the screen", () => {
  it.each([
    [{ status: "open" }, "phone"],
    [{ status: "pending", promptedAt: iso(AT - 74_000) }, "waiting"],
    [{ status: "pending", promptedAt: iso(AT - 75_000) }, "checking"],
    [{ status: "pending", promptedAt: null }, "waiting"],
    [{ status: "in_doubt" }, "doubt"],
    [{ status: "confirmed", closed: true }, "paid"],
    [{ status: "cancelled" }, "unsuccessful"],
    [{ status: "expired" }, "unsuccessful"],
    [{ status: "failed" }, "unsuccessful"],
    [{ status: "cancelled", closed: true }, "closed"],
    [{ status: "open", expiresAt: iso(AT) }, "closed"],
    [{ status: "failed", expiresAt: iso(AT) }, "closed"],
    [{ status: "in_doubt", expiresAt: iso(AT) }, "doubt"],
    [{ status: "review" }, "review"],
    [{ status: "reversed" }, "reversed"],
  ] as const)("for %o is %s", (patch, screen) => {
    expect(screenOf(start(patch), AT)).toBe(screen);
  });

  it("says that a token opens nothing", () => {
    expect(screenOf(firstModel(null, "", AT), AT)).toBe("gone");
    expect(screenOf(reduce(start(), { type: "gone" }), AT)).toBe("gone");
  });
});

describe("paying", () => {
  it("refuses a number that is none beside the field, and sends nothing", () => {
    const model = reduce(start({}, "12"), { type: "pay" });
    expect(model.notice).toBe("phone_invalid");
    expect(screenOf(model, AT)).toBe("phone");
  });

  it("takes an empty field for the number that the shop named, and only there", () => {
    const known = { phoneKnown: true, phoneNumber: "254*****5678" };
    expect(reduce(start(known, ""), { type: "pay" }).step).toEqual({ at: "sending" });
    expect(reduce(start(known, "12"), { type: "pay" }).notice).toBe("phone_invalid");
    expect(reduce(start({}, ""), { type: "pay" }).notice).toBe("phone_invalid");
  });

  it("goes from sending to waiting to paid", () => {
    const sending = reduce(start(), { type: "pay" });
    expect(screenOf(sending, AT)).toBe("sending");
    const waiting = reduce(sending, { type: "answered", view: pending, at: AT });
    expect(screenOf(waiting, AT)).toBe("waiting");
    const paid = view({ version: 3, status: "confirmed", closed: true });
    expect(screenOf(reduce(waiting, { type: "read", view: paid, at: AT }), AT)).toBe("paid");
  });

  it("waits as soon as a look shows the prompt, while its own answer is still out", () => {
    const sending = reduce(start(), { type: "pay" });
    expect(screenOf(reduce(sending, { type: "read", view: pending, at: AT }), AT)).toBe("waiting");
  });

  it("ignores a second press while the first is under way", () => {
    const sending = reduce(start(), { type: "pay" });
    expect(reduce(sending, { type: "pay" })).toBe(sending);
    const lost = reduce(sending, { type: "lost", at: AT });
    expect(reduce(lost, { type: "pay" })).toBe(lost);
  });

  it("never steps back to an older view", () => {
    const paid = start({ version: 5, status: "confirmed" });
    expect(screenOf(reduce(paid, { type: "read", view: pending, at: AT }), AT)).toBe("paid");
  });

  it("shows late money on a page that already asked for a new number", () => {
    const again = reduce(start({ version: 3, status: "expired" }), { type: "again" });
    expect(screenOf(again, AT)).toBe("phone");
    const late = view({ version: 4, status: "confirmed" });
    expect(screenOf(reduce(again, { type: "read", view: late, at: AT }), AT)).toBe("paid");
  });
});

describe("a lost answer", () => {
  const lost = reduce(reduce(start(), { type: "pay" }), { type: "lost", at: AT });

  it("is not an error: the page looks before it says anything", () => {
    expect(screenOf(lost, AT)).toBe("lost");
    const soon = view({ now: iso(AT + LOST_GRACE_MS - 1) });
    expect(screenOf(reduce(lost, { type: "read", view: soon, at: AT }), AT)).toBe("lost");
  });

  it("becomes waiting when the server has the prompt after all", () => {
    expect(screenOf(reduce(lost, { type: "read", view: pending, at: AT }), AT)).toBe("waiting");
  });

  it("offers the form again once the server surely never got it", () => {
    const later = view({ now: iso(AT + LOST_GRACE_MS) });
    const model = reduce(lost, { type: "read", view: later, at: AT + LOST_GRACE_MS });
    expect(screenOf(model, AT)).toBe("phone");
    expect(model.notice).toBe("not_delivered");
  });
});

describe("a refusal", () => {
  const refused = reduce(reduce(start(), { type: "pay" }), {
    type: "refused",
    notice: { refusal: "payment_in_progress" },
    until: AT + 30_000,
  });

  it("stands beside the field and counts down to the next try", () => {
    expect(screenOf(refused, AT)).toBe("phone");
    expect(waitMs(refused, AT + 10_000)).toBe(20_000);
    expect(waitMs(refused, AT + 40_000)).toBe(0);
  });

  it("gives way to watching when money may move after all", () => {
    const watching = reduce(refused, { type: "read", view: pending, at: AT });
    expect(screenOf(watching, AT)).toBe("waiting");
    expect(watching.notice).toBeNull();
    const failed = view({ version: 3, status: "failed", reason: "wrong_pin" });
    const after = reduce(watching, { type: "read", view: failed, at: AT });
    expect(screenOf(after, AT)).toBe("unsuccessful");
  });

  it("is forgotten for another number", () => {
    const other = reduce(refused, { type: "typed", phone: "0722000000" });
    expect([other.notice, waitMs(other, AT)]).toEqual([null, 0]);
  });
});

describe("the clock", () => {
  it("counts by the server's time on a device whose own clock is wrong", () => {
    const wrong = AT - 7_200_000;
    const model = reduce(firstModel(view(), "", wrong), { type: "read", view: pending, at: wrong });
    expect(wrong + 20_000 + model.skewMs).toBe(AT + 20_000);
  });

  it("takes the payment's own wait where it is longer", () => {
    expect(waitMs(start({ status: "failed", retryAt: iso(AT + 60_000) }), AT)).toBe(60_000);
  });
});
