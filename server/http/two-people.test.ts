/** The two-person rule over HTTP in the simulator's world: who sets it, who asks, who says yes, and what falls. */
import Database from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DashboardPaymentDetail } from "../../shared/api.ts";
import { nairobiDate } from "../../shared/nairobi.ts";
import { receiptDateLetters } from "../../shared/receipt.ts";
import { eventually, type Reply, type TestHouse, testHouse } from "../app.test-support.ts";
import type { UserId } from "../core/payment.ts";
import { hashPassword } from "../flows/passwords.ts";

const PASSWORD = "a long enough password";
const REASON = "seen in the M-PESA statement";
const APPROVAL = "I looked it up myself";

let house: TestHouse;
let rows: Database.Database;
let owner: string;
let operator: string;
let made = 0;
beforeAll(async () => {
  house = await testHouse();
  rows = new Database((house.env.DATABASE_URL ?? "").slice("file:".length));
  owner = await signIn("owner@shop.co.ke");
});
afterAll(async () => {
  rows.close();
  await house[Symbol.asyncDispose]();
});

async function signIn(email: string): Promise<string> {
  const reply = await call("POST", "sign-in", "", { email, password: PASSWORD });
  return (reply.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
}
const call = (method: string, path: string, cookie: string, body?: object) =>
  house.call(method, `/dashboard/api/${path}`, body, {
    Origin: house.origin,
    Authorization: "",
    Cookie: cookie,
  });
const post = (path: string, cookie: string, body: object) => call("POST", path, cookie, body);
const act = (id: string, what: string, cookie: string, body: object) =>
  post(`payments/${id}/${what}`, cookie, body);
const read = async (id: string, cookie = owner): Promise<DashboardPaymentDetail> =>
  (await call("GET", `payments/${id}`, cookie)).body;
const codeIn = (reply: Reply) => reply.body.error?.code;
const setRule = async (from: number | null) => {
  const { from: was } = (await call("GET", "settings/two-person", owner)).body;
  return post("settings/two-person", owner, { was, from });
};
async function newPerson(role: "operator" | "viewer" | "manager"): Promise<string> {
  made += 1;
  const [id, email] = [`usr_${role}_${made}` as UserId, `${role}${made}@shop.co.ke`];
  const passwordHash = await hashPassword(PASSWORD);
  await house.app.store.people.addUser({ id, email, passwordHash, role, createdAt: 1 });
  return signIn(email);
}

function receipt(): string {
  const { year, month, day } = nairobiDate(Date.now());
  return `${receiptDateLetters(year, month, day)}W${String(++made).padStart(6, "0")}`;
}
async function doubt(amount = 1_250): Promise<DashboardPaymentDetail> {
  made += 1;
  const { body: payment } = await house.call("POST", "/v1/payments", {
    amount,
    orderReference: `TWO-${made}`,
  });
  const phoneNumber = `0700${String(made).padStart(4, "0")}20`;
  await house.call("POST", `/v1/payments/${payment.id}/prompt`, { phoneNumber });
  return eventually(
    () => read(payment.id),
    (detail) => detail.payment.status === "in_doubt",
  );
}
const wishFor = ({ payment }: DashboardPaymentDetail, amount = payment.amount) => ({
  version: payment.version,
  attemptId: payment.attempts.at(-1)?.id ?? "",
  reason: REASON,
  receipt: receipt(),
  amount,
});
async function proposed(by = operator, amount = 1_250) {
  const before = await doubt(amount);
  const { id } = before.payment;
  const reply = await act(id, "confirm", by, wishFor(before));
  expect(reply.status).toBe(200);
  const detail: DashboardPaymentDetail = reply.body;
  return { id, detail, proposalId: detail.proposal?.id ?? "", version: detail.payment.version };
}

describe("setting the rule", () => {
  test("is refused while nobody could approve, and is the owners'", async () => {
    expect((await call("GET", "settings/two-person", owner)).body).toEqual({
      from: null,
      people: 1,
    });
    const alone = await setRule(1_000);
    expect([alone.status, codeIn(alone), alone.body.error.param]).toEqual([
      409,
      "two_people_needed",
      "from",
    ]);
    await newPerson("viewer");
    expect(codeIn(await setRule(1_000))).toBe("two_people_needed");
    operator = await newPerson("operator");
    expect((await setRule(1_000)).body).toEqual({ from: 1_000, people: 2 });
    const stale = await post("settings/two-person", owner, { was: null, from: null });
    expect(codeIn(stale)).toBe("stale");
    for (const from of [0, -5, 2.5, 250_001]) {
      expect(codeIn(await setRule(from)), `${from}`).toBe("invalid_field");
    }
  });

  test("wants a fresh proof, to switch it off too, and stands in the audit log", async () => {
    const { from: was } = (await call("GET", "settings/two-person", owner)).body;
    rows.prepare("update sessions set proved_at = proved_at - 360000").run();
    expect(codeIn(await post("settings/two-person", owner, { was, from: null }))).toBe(
      "step_up_needed",
    );
    owner = await signIn("owner@shop.co.ke");
    expect((await setRule(null)).body.from).toBeNull();
    const audit = await house.app.store.audit.list({ limit: 2, action: "two_person_rule_set" });
    expect(audit.rows.map(({ details }) => details)).toEqual([
      { amount: "off", before: 1_000 },
      { amount: 1_000, before: "off" },
    ]);
  });
});

describe("from the set amount on", () => {
  beforeEach(async () => {
    owner = await signIn("owner@shop.co.ke");
    operator = await newPerson("operator");
    await setRule(1_000);
  });

  test("one person proposes, nothing moves, and everybody sees it", async () => {
    const { id, detail, version } = await proposed();
    expect(detail.payment.status).toBe("in_doubt");
    expect(detail.proposal).toMatchObject({ action: "confirm", amount: 1_250, isYours: true });
    expect((await read(id)).proposal).toMatchObject({ isYours: false, reason: REASON });
    expect((await read(id)).payment.version).toBe(version);
    const because = (await read(id)).actions.find(({ name }) => name === "confirm");
    expect(because).toMatchObject({ kind: "refused", because: "second_person_asked" });
    const again = await act(id, "confirm", owner, wishFor(await read(id)));
    expect([again.status, codeIn(again)]).toEqual([409, "second_person_asked"]);
    const home = await call("GET", "insight/home", owner);
    const hand = home.body.hands.find((one: { payment: { id: string } }) => one.payment.id === id);
    expect(hand.cause).toBe("proposal");
    expect(home.body.hands[0].cause).toBe("proposal");
  });

  test("a second person's yes does it once, under both names", async () => {
    const { id, detail, proposalId, version } = await proposed();
    const yes = { proposalId, version, reason: APPROVAL };
    const both = await Promise.all([
      act(id, "approve", owner, yes),
      act(id, "approve", await newPerson("manager"), yes),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const done = await read(id);
    expect(done.payment).toMatchObject({ status: "confirmed", receipt: detail.proposal?.receipt });
    expect(done.proposal).toBeNull();
    const told = done.timeline.filter(({ kind }) => kind === "operator_confirm");
    expect(told).toHaveLength(1);
    const proposer = detail.proposal?.proposer;
    const names = { proposedBy: proposer, approval: APPROVAL, reason: REASON };
    expect(told[0]?.detail).toMatchObject(names);
    expect(told[0]?.detail.by).not.toBe(proposer);
    const [row] = (await house.app.store.audit.list({ limit: 1, action: "payment_confirmed" }))
      .rows;
    expect(row?.details).toMatchObject(names);
    expect(row?.actorName).not.toBe(proposer);
    const evidence = await call("GET", `payments/${id}/evidence`, owner);
    expect(JSON.stringify(evidence.body.evidence)).toContain(proposer);
  });

  test("nobody approves their own, and a viewer approves nothing", async () => {
    const { id, proposalId, version } = await proposed();
    const yes = { proposalId, version, reason: APPROVAL };
    const own = await act(id, "approve", operator, yes);
    expect([own.status, codeIn(own)]).toEqual([409, "own_proposal"]);
    expect((await act(id, "approve", await newPerson("viewer"), yes)).status).toBe(403);
    rows.prepare("update sessions set proved_at = proved_at - 360000").run();
    expect(codeIn(await act(id, "approve", owner, yes))).toBe("step_up_needed");
    expect((await read(id)).payment.status).toBe("in_doubt");
  });

  test("who says no gives a reason, and nothing moves; who proposed takes it back", async () => {
    const { id, proposalId } = await proposed();
    expect(codeIn(await act(id, "decline", owner, { proposalId, reason: "no" }))).toBe(
      "invalid_field",
    );
    const no = await act(id, "decline", owner, { proposalId, reason: "the receipt is another's" });
    expect([no.status, no.body.proposal, no.body.payment.status]).toEqual([200, null, "in_doubt"]);
    expect(codeIn(await act(id, "decline", owner, { proposalId, reason: APPROVAL }))).toBe(
      "proposal_gone",
    );
    const mine = await proposed();
    const back = { proposalId: mine.proposalId, reason: "typed the wrong receipt" };
    expect((await act(mine.id, "decline", operator, back)).status).toBe(200);
    const told = await house.app.store.audit.list({ limit: 3 });
    expect(told.rows.map(({ action }) => action)).toEqual([
      "proposal_withdrawn",
      "decision_proposed",
      "proposal_declined",
    ]);
  });

  test("a proposal outlives what leaves it possible, and falls after a day", async () => {
    const moved = await proposed();
    rows
      .prepare(
        "update attempts set created_at = created_at - 200000, sent_at = sent_at - 200000 where payment_id = ?",
      )
      .run(moved.id);
    const basis = wishFor(await read(moved.id));
    const { receipt: _r, amount: _a, ...fail } = basis;
    expect((await act(moved.id, "fail", owner, fail)).status).toBe(200);
    const now = await read(moved.id);
    expect(now.payment.status).toBe("failed");
    const yes = { proposalId: moved.proposalId, version: now.payment.version, reason: APPROVAL };
    // A failed attempt may still be confirmed by hand; but nobody approves what they did not see.
    expect(now.proposal).not.toBeNull();
    expect((await act(moved.id, "approve", owner, { ...yes, version: moved.version })).status).toBe(
      409,
    );
    expect((await act(moved.id, "approve", owner, yes)).status).toBe(200);

    const old = await proposed();
    rows.prepare("update proposals set expires_at = 1 where id = ?").run(old.proposalId);
    expect((await read(old.id)).proposal).toBeNull();
    const late = { proposalId: old.proposalId, version: old.version, reason: APPROVAL };
    expect(codeIn(await act(old.id, "approve", owner, late))).toBe("proposal_gone");
    expect((await act(old.id, "confirm", operator, wishFor(await read(old.id)))).status).toBe(200);
  });

  test("a proposal falls when its money is confirmed otherwise, and with its person", async () => {
    const { id, proposalId, detail } = await proposed();
    await setRule(null);
    rows.prepare("update proposals set expires_at = 1 where id = ?").run(proposalId);
    expect((await act(id, "confirm", owner, wishFor(await read(id)))).status).toBe(200);
    rows.prepare("update proposals set expires_at = 9e15 where id = ?").run(proposalId);
    expect(detail.proposal).not.toBeNull();
    const now = await read(id);
    expect([now.payment.status, now.proposal]).toEqual(["confirmed", null]);
    const yes = { proposalId, version: now.payment.version, reason: APPROVAL };
    expect(codeIn(await act(id, "approve", owner, yes))).toBe("proposal_gone");

    await setRule(1_000);
    const other = await proposed();
    const proposer = other.detail.proposal?.proposer ?? "";
    const person = await house.app.store.people.userByEmail(proposer);
    if (person === null) throw new Error("the proposer is gone already");
    await house.app.store.people.removePerson(person.id, "operator", Date.now());
    expect((await read(other.id)).proposal).toBeNull();
  });

  test("small money needs one person, and large money in small parts needs two", async () => {
    const small = await doubt(999);
    expect((await act(small.payment.id, "confirm", operator, wishFor(small))).body).toMatchObject({
      proposal: null,
      payment: { status: "confirmed" },
    });
    const { id, proposalId, version } = await proposed();
    await act(id, "approve", owner, { proposalId, version, reason: APPROVAL });
    const part = await act(id, "reverse", operator, wishFor(await read(id), 10));
    expect(part.body.proposal).toMatchObject({ action: "reverse", amount: 10 });
    const half = await doubt(500);
    const more = await act(half.payment.id, "confirm", operator, wishFor(half, 1_000));
    expect(more.body.proposal).toMatchObject({ amount: 1_000 });
  });

  test("what the machine or the receipt refuses is not proposed", async () => {
    const { id, detail, proposalId, version } = await proposed();
    await act(id, "approve", owner, { proposalId, version, reason: APPROVAL });
    const other = await doubt();
    const used = { ...wishFor(other), receipt: detail.proposal?.receipt ?? "" };
    expect(codeIn(await act(other.payment.id, "confirm", operator, used))).toBe("receipt_used");
    expect(codeIn(await act(other.payment.id, "reverse", operator, wishFor(other)))).toBe(
      "not_paid",
    );
    const stale = { ...wishFor(other), version: other.payment.version - 1 };
    expect(codeIn(await act(other.payment.id, "confirm", operator, stale))).toBe("stale");
    expect((await read(other.payment.id)).proposal).toBeNull();
  });
});
