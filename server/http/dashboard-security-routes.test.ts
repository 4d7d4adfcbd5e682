/** A person's own safety over HTTP in the whole house: the second factor, and proving it is them once more. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FactorBegun, RecoveryCodes } from "../../shared/security-api.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import type { UserId } from "../core/payment.ts";
import { hashPassword } from "../flows/passwords.ts";
import { codeOf, stepAt } from "../flows/totp.ts";
import type { Clock } from "../ports.ts";

const PASSWORD = "a long enough password";
const MINUTE_MS = 60_000;

/** Moved by the tests, and never by itself. */
const time = { now: Date.parse("2026-03-02T09:00:00Z") };
const clock: Clock = {
  now: () => time.now,
  elapsed: () => time.now,
  sleep: (_ms, signal) =>
    new Promise((_resolve, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason)),
    ),
};

let house: TestHouse;
let made = 0;
let email: string;
beforeAll(async () => {
  house = await testHouse({ clock });
});
afterAll(() => house[Symbol.asyncDispose]());
/** A person of their own for each test: factors and counted tries belong to people. */
beforeEach(async () => {
  made += 1;
  email = `owner${made}@shop.co.ke`;
  const id = `usr_${made}` as UserId;
  const passwordHash = await hashPassword(PASSWORD);
  await house.app.store.people.addUser({ id, email, passwordHash, role: "owner", createdAt: 1 });
});

const headers = () => ({ Origin: house.origin, Authorization: "" });
const signIn = (code?: string, password = PASSWORD) =>
  house.call("POST", "/dashboard/api/sign-in", { email, password, code }, headers());

async function enter(code?: string) {
  const reply = await signIn(code);
  expect(reply.status).toBe(200);
  const Cookie = (reply.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  return (method: string, path: string, body?: object) =>
    house.call(method, `/dashboard/api/${path}`, body, { ...headers(), Cookie });
}
type Send = Awaited<ReturnType<typeof enter>>;

/** What the app would show now, or some half minutes off. */
function codeNow(secret: Buffer, off = 0): string {
  return codeOf(secret, stepAt(time.now) + off);
}
function secretOf({ secret }: FactorBegun): Buffer {
  const bits = [...secret]
    .map((letter) =>
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
    )
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

async function withFactor(): Promise<{ send: Send; secret: Buffer; codes: readonly string[] }> {
  const send = await enter();
  const begun: FactorBegun = (await send("POST", "security/second-factor", {})).body;
  const secret = secretOf(begun);
  const confirmed = await send("POST", "security/second-factor/confirm", {
    code: codeNow(secret),
  });
  expect(confirmed.status).toBe(200);
  time.now += MINUTE_MS;
  return { send, secret, codes: (confirmed.body as RecoveryCodes).recoveryCodes };
}
const codeIn = (reply: { body: { error?: { code: string; param?: string } } }) => [
  reply.body.error?.code,
  reply.body.error?.param,
];

describe("the second factor", () => {
  test("is in force once the app has shown a right code, and its square says what to type", async () => {
    const send = await enter();
    const begun: FactorBegun = (await send("POST", "security/second-factor", {})).body;
    expect(begun.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(begun.uri).toContain(`secret=${begun.secret}`);
    expect(new Set(begun.qr.map((row) => row.length))).toEqual(new Set([begun.qr.length]));
    expect((await signIn()).status).toBe(200);
    const wrong = await send("POST", "security/second-factor/confirm", { code: "12345" });
    expect([wrong.status, ...codeIn(wrong)]).toEqual([422, "wrong_code", "code"]);
    const code = codeNow(secretOf(begun));
    const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
    const on = await send("POST", "security/second-factor/confirm", { code: spaced });
    const { recoveryCodes, view }: RecoveryCodes = on.body;
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(view).toMatchObject({ secondFactor: "on", recoveryCodesLeft: 10 });
    expect((await send("GET", "security")).body).toEqual(view);
    expect((await send("POST", "security/second-factor", {})).body.error.code).toBe("factor_on");
  });

  test("asks for a code after the password, and takes each code once", async () => {
    const { secret } = await withFactor();
    expect(codeIn(await signIn())).toEqual(["code_wanted", "code"]);
    expect(codeIn(await signIn("000 00", "not the password"))).toEqual([
      "wrong_credentials",
      undefined,
    ]);
    const code = codeNow(secret);
    expect((await signIn(code)).status).toBe(200);
    expect(codeIn(await signIn(code))).toEqual(["wrong_code", "code"]);
    expect(codeIn(await signIn(codeNow(secret, -1)))).toEqual(["wrong_code", "code"]);
    expect((await signIn(codeNow(secret, 1))).status).toBe(200);
  });

  test("takes one of two that use the same code at once", async () => {
    const { secret } = await withFactor();
    const both = await Promise.all([signIn(codeNow(secret)), signIn(codeNow(secret))]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test("takes each recovery code once, however it is typed, and none of those that were renewed", async () => {
    const { codes } = await withFactor();
    const [first = "", second = ""] = codes;
    const send = await enter(first.toLowerCase().replaceAll("-", " "));
    expect(codeIn(await signIn(first))).toEqual(["wrong_code", "code"]);
    expect((await send("GET", "security")).body.recoveryCodesLeft).toBe(9);
    const renewed: RecoveryCodes = (await send("POST", "security/recovery-codes", {})).body;
    expect(renewed.view.recoveryCodesLeft).toBe(10);
    expect(codeIn(await signIn(second))).toEqual(["wrong_code", "code"]);
    expect((await signIn(renewed.recoveryCodes[9])).status).toBe(200);
  });

  test("lets nobody guess codes, the password known or not", async () => {
    const { secret } = await withFactor();
    const tries: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      tries.push(codeIn(await signIn())[0] ?? "");
      tries.push(codeIn(await signIn("000000"))[0] ?? "");
    }
    expect(tries.slice(0, 6)).toEqual([
      ...["code_wanted", "wrong_code", "code_wanted", "wrong_code", "code_wanted", "wrong_code"],
    ]);
    expect(tries.slice(6)).toEqual(["too_many_tries", "too_many_tries"]);
    expect((await signIn(codeNow(secret))).status).toBe(429);
  });

  test("is switched off by password and code together", async () => {
    const { send, secret } = await withFactor();
    const off = (password: string, code: string) =>
      send("POST", "security/second-factor/off", { password, code });
    expect(codeIn(await off("not the password", codeNow(secret)))[0]).toBe("wrong_password");
    expect(codeIn(await off(PASSWORD, "000000"))[0]).toBe("wrong_code");
    expect((await off(PASSWORD, codeNow(secret))).body.secondFactor).toBe("off");
    expect((await signIn()).status).toBe(200);
    expect(codeIn(await off(PASSWORD, codeNow(secret)))[0]).toBe("factor_off");
    const renewed = await send("POST", "security/recovery-codes", {});
    expect(codeIn(renewed)[0]).toBe("factor_off");
  });

  test("is kept sealed, its codes hashed, and none of it is logged", async () => {
    const { secret, codes } = await withFactor();
    const id = `usr_${made}` as UserId;
    const kept = JSON.stringify(await house.app.store.factors.of(id));
    const said = house.logged.join("\n");
    for (const form of [secret.toString("base64"), secret.toString("hex"), ...codes]) {
      expect(kept).not.toContain(form);
      expect(said).not.toContain(form);
    }
  });
});

describe("proving it is them once more", () => {
  const newKey = (send: Send) => send("POST", "settings/keys", { kind: "publishable" });

  test("is not asked of who signed in just now, and is after five minutes", async () => {
    const send = await enter();
    expect((await newKey(send)).status).toBe(201);
    time.now += 5 * MINUTE_MS - 1;
    expect((await newKey(send)).status).toBe(201);
    time.now += 1;
    const asked = await newKey(send);
    expect([asked.status, ...codeIn(asked)]).toEqual([403, "step_up_needed", "password"]);
  });

  test("takes the password of who has no second factor, for another five minutes", async () => {
    const send = await enter();
    time.now += 6 * MINUTE_MS;
    expect(codeIn(await send("POST", "step-up", { code: "123456" }))).toEqual([
      "proof_missing",
      "password",
    ]);
    const wrong = await send("POST", "step-up", { password: "not the password" });
    expect([wrong.status, ...codeIn(wrong)]).toEqual([422, "wrong_password", "password"]);
    expect((await newKey(send)).status).toBe(403);
    expect((await send("POST", "step-up", { password: PASSWORD })).status).toBe(204);
    expect((await newKey(send)).status).toBe(201);
    const other = await enter();
    time.now += 6 * MINUTE_MS;
    expect((await newKey(other)).status).toBe(403);
  });

  test("takes a code where there is a second factor, and the password no more", async () => {
    const { send, secret } = await withFactor();
    time.now += 6 * MINUTE_MS;
    expect(codeIn(await newKey(send))).toEqual(["step_up_needed", "code"]);
    expect(codeIn(await send("POST", "step-up", { password: PASSWORD }))).toEqual([
      "proof_missing",
      "code",
    ]);
    const code = codeNow(secret);
    expect((await send("POST", "step-up", { code })).status).toBe(204);
    expect((await newKey(send)).status).toBe(201);
    expect(codeIn(await send("POST", "step-up", { code }))[0]).toBe("wrong_code");
  });

  test("where the form asks for the password, asks for the code too, of who has one", async () => {
    const { send: guarded, secret } = await withFactor();
    const invite = (send: Send) =>
      send("POST", "invitations", {
        email: `friend${made}@shop.co.ke`,
        role: "viewer",
        password: PASSWORD,
      });
    time.now += 6 * MINUTE_MS;
    expect(codeIn(await invite(guarded))).toEqual(["step_up_needed", "code"]);
    expect((await guarded("POST", "step-up", { code: codeNow(secret) })).status).toBe(204);
    expect((await invite(guarded)).status).toBe(201);
  });

  test("where the form asks for the password, is not asked twice of who has no second factor", async () => {
    const send = await enter();
    time.now += 6 * MINUTE_MS;
    const wish = { email: `guest${made}@shop.co.ke`, role: "viewer", password: PASSWORD };
    expect((await send("POST", "invitations", wish)).status).toBe(201);
  });

  test("is not fooled by a clock that went back (I22)", async () => {
    const send = await enter();
    time.now -= MINUTE_MS;
    expect((await newKey(send)).status).toBe(403);
    time.now += MINUTE_MS;
  });

  test("guards what switches the second factor on and what renews its codes", async () => {
    const send = await enter();
    time.now += 6 * MINUTE_MS;
    for (const path of ["security/second-factor", "security/recovery-codes"]) {
      expect(codeIn(await send("POST", path, {}))[0], path).toBe("step_up_needed");
    }
  });
});
