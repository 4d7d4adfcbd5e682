/** Prompt limits over the dashboard: bounds, staleness, proof, and that the next prompt obeys them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_PROMPT_LIMITS } from "../../shared/prompt-limits.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";

const PATH = "/dashboard/api/settings/limits";

let house: TestHouse;
let headers: Record<string, string>;
beforeAll(async () => {
  house = await testHouse({ env: { LIPIA_LIMITS: "enforce" } });
  headers = { Origin: house.origin, Authorization: "" };
  const { LIPIA_ADMIN_EMAIL: email, LIPIA_ADMIN_PASSWORD: password } = house.env;
  const entered = await house.call("POST", "/dashboard/api/sign-in", { email, password }, headers);
  headers.Cookie = (entered.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
});
afterAll(() => house[Symbol.asyncDispose]());

const read = async () => (await house.call("GET", PATH, undefined, headers)).body;
async function change(part: object) {
  const { version, limits } = await read();
  return house.call("POST", PATH, { version, ...limits, ...part }, headers);
}

test.each([
  ["looser than the machine allows", { inTenMinutes: 6 }, "inTenMinutes"],
  ["a rest too short", { restAfterTwoMinutes: 4 }, "restAfterTwoMinutes"],
  ["so strict that nobody can pay", { ofPayment: 1 }, "ofPayment"],
  ["no whole number", { inADay: 4.5 }, "inADay"],
  ["no number", { inADay: "12" }, "inADay"],
  ["a wider span with less", { inTenMinutes: 5, inAnHour: 4 }, "inAnHour"],
  ["a longer row with a shorter rest", { restAfterTwoMinutes: 90 }, "restAfterFourMinutes"],
])("%s is refused by the field at fault", async (_what, part, param) => {
  const { status, body } = await change(part);
  expect([status, body.error.param]).toEqual([422, param]);
  expect(await read()).toMatchObject({ limits: DEFAULT_PROMPT_LIMITS, testPhones: "limited" });
});

test("a page that read them before somebody else's change overwrites nothing", async () => {
  const { status, body } = await change({ version: 7 });
  expect([status, body.error.code]).toEqual([409, "stale"]);
});

test("what is set holds for the next prompt, in the refusal's own time, and is told to the audit log", async () => {
  expect((await change({ inTenMinutes: 2, inAnHour: 2 })).status).toBe(200);
  const { rows } = await house.app.store.audit.list({ limit: 1 });
  expect(rows).toMatchObject([
    { action: "limits_changed", details: { inTenMinutes: "3 → 2", inAnHour: "6 → 2" } },
  ]);
  // Refuses at once, each time for a new order: only the limits hold the next one back.
  const prompt = async (n: number) => {
    const body = { amount: 5, orderReference: `limited-${n}` };
    const { id } = (await house.call("POST", "/v1/payments", body)).body;
    const phone = { phoneNumber: "0700000404" };
    const answer = await house.call("POST", `/v1/payments/${id}/prompt`, phone);
    if (answer.status < 300) {
      await expect
        .poll(async () => (await house.call("GET", `/v1/payments/${id}`)).body.status)
        .toBe("failed");
    }
    return { id, answer };
  };
  expect((await prompt(1)).answer.status).toBe(201);
  expect((await prompt(2)).answer.status).toBe(201);
  const { id, answer } = await prompt(3);
  expect([answer.status, answer.body.error.code]).toEqual([429, "too_many_prompts"]);
  const hour = Number(answer.headers.get("Retry-After"));
  expect(hour).toBeGreaterThan(3_500);
  expect(hour).toBeLessThanOrEqual(3_600);
  const seen = await house.call("GET", `/dashboard/api/payments/${id}`, undefined, headers);
  const { actions } = seen.body;
  expect(actions).toContainEqual(expect.objectContaining({ name: "prompt_other" }));
});
