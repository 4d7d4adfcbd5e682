/** Passkeys over HTTP in the whole house, with an authenticator in software: what opens an account, and what must not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PasskeyAsked, PasskeyQuestion, PasskeyWish } from "../../shared/passkey-api.ts";
import type { RecoveryCodes, SecurityView } from "../../shared/security-api.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import type { UserId } from "../core/payment.ts";
import { hashPassword } from "../flows/passwords.ts";
import type { Clock } from "../ports.ts";
import { softwarePasskey } from "../software-passkey.test-support.ts";

const PASSWORD = "a long enough password";
const MINUTE_MS = 60_000;
/** PUBLIC_URL of a test house: what browsers would stand at. */
const place = () => `http://localhost:${house.app.port}`;

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

type Reply = Awaited<ReturnType<TestHouse["call"]>>;
const post = (path: string, body: object, more: Record<string, string> = {}) =>
  house.call("POST", `/dashboard/api/${path}`, body, {
    Origin: house.origin,
    Authorization: "",
    ...more,
  });
const byPassword = (code?: string) => post("sign-in", { email, password: PASSWORD, code });

function sessionOf(reply: Reply) {
  expect(reply.status).toBe(200);
  const Cookie = (reply.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  return (method: string, path: string, body?: object) =>
    house.call(method, `/dashboard/api/${path}`, body, {
      Origin: house.origin,
      Authorization: "",
      Cookie,
    });
}
type Send = ReturnType<typeof sessionOf>;
const codeIn = (reply: Reply): string | undefined => reply.body.error?.code;

async function add(send: Send, key = softwarePasskey(place()), name = "Phone") {
  const wish: PasskeyWish = (await send("POST", "security/passkeys/begin", {})).body;
  const reply = await send("POST", "security/passkeys", { name, passkey: key.make(wish) });
  return { key, reply };
}
async function withPasskey() {
  const send = sessionOf(await byPassword());
  const { key, reply } = await add(send);
  expect(reply.status).toBe(200);
  const { recoveryCodes, view }: RecoveryCodes = reply.body;
  return { send, key, codes: recoveryCodes, id: view.passkeys[0]?.id ?? "" };
}
const ask = async (): Promise<PasskeyAsked> =>
  (await post("sign-in/passkey/begin", {})).body as PasskeyAsked;
async function byPasskey(
  key: ReturnType<typeof softwarePasskey>,
  odd: Parameters<typeof key.answer>[1] = {},
) {
  const { handle, question } = await ask();
  return post("sign-in/passkey", { handle, answer: key.answer(question, odd) });
}
const auditRows = async (action: "passkey_refused" | "passkey_used" | "passkey_added") =>
  (await house.app.store.audit.list({ limit: 50, action })).rows;

describe("a passkey", () => {
  test("is added once the person proved who they are, with recovery codes when it is the first", async () => {
    const send = sessionOf(await byPassword());
    time.now += 6 * MINUTE_MS;
    const unproved = await send("POST", "security/passkeys/begin", {});
    expect([unproved.status, codeIn(unproved), unproved.body.error.factors]).toEqual([
      403,
      "step_up_needed",
      [],
    ]);
    expect((await send("POST", "step-up", { password: PASSWORD })).status).toBe(204);
    const wish: PasskeyWish = (await send("POST", "security/passkeys/begin", {})).body;
    expect(wish.rp).toMatchObject({ id: "localhost" });
    expect(wish.user.name).toBe(email);
    expect(wish.authenticatorSelection.userVerification).toBe("required");
    const first = await add(send);
    expect(first.reply.body.recoveryCodes).toHaveLength(10);
    const second = await add(send, softwarePasskey(place()), "Laptop");
    expect(second.reply.body.recoveryCodes).toEqual([]);
    const view: SecurityView = (await send("GET", "security")).body;
    expect(view.passkeys.map(({ name }) => name)).toEqual(["Phone", "Laptop"]);
    expect(view).toMatchObject({ secondFactor: "off", recoveryCodesLeft: 10 });
    expect(view.passkeyPlace).toEqual({ kind: "host", host: "localhost" });
    const again: PasskeyWish = (await send("POST", "security/passkeys/begin", {})).body;
    expect(again.excludeCredentials.map(({ id }) => id)).toEqual([first.key.id, second.key.id]);
  });

  test("opens the account without address and password, and its use is noted", async () => {
    const { key } = await withPasskey();
    time.now += MINUTE_MS;
    const { question } = await ask();
    expect(question.allowCredentials).toEqual([]);
    const send = sessionOf(await byPasskey(key));
    expect((await send("GET", "session")).body.user.email).toBe(email);
    const view: SecurityView = (await send("GET", "security")).body;
    expect(view.passkeys[0]?.lastUsedAt).toBe(new Date(time.now).toISOString());
    const rows = await auditRows("passkey_used");
    expect(rows[0]).toMatchObject({ actorName: email, details: { name: "Phone" } });
  });

  test("makes the password alone too little; a recovery code goes with it", async () => {
    const { codes } = await withPasskey();
    const wanted = await byPassword();
    expect([wanted.status, codeIn(wanted)]).toEqual([401, "code_wanted"]);
    expect(wanted.body.error.factors).toEqual(["passkey"]);
    expect(codeIn(await byPassword("123456"))).toBe("wrong_code");
    const send = sessionOf(await byPassword(codes[3]));
    expect((await send("GET", "security")).body.recoveryCodesLeft).toBe(9);
    expect(codeIn(await byPassword(codes[3]))).toBe("wrong_code");
  });

  test("is renamed and removed by its own person, with password and a fresh proof", async () => {
    const { send, key, id } = await withPasskey();
    const renamed = await send("POST", `security/passkeys/${id}/name`, { name: " Office  " });
    expect(renamed.body.passkeys[0].name).toBe("Office");
    expect(codeIn(await send("POST", `security/passkeys/${id}/name`, { name: " " }))).toBe(
      "invalid_field",
    );
    const remove = (password: string) =>
      send("POST", `security/passkeys/${id}/remove`, { password });
    time.now += 6 * MINUTE_MS;
    expect(codeIn(await remove(PASSWORD))).toBe("step_up_needed");
    const question: PasskeyQuestion = (await send("POST", "step-up/passkey", {})).body;
    expect((await send("POST", "step-up", { passkey: key.answer(question) })).status).toBe(204);
    expect(codeIn(await remove("not the password"))).toBe("wrong_password");
    const gone = await remove(PASSWORD);
    expect(gone.body).toMatchObject({ passkeys: [], recoveryCodesLeft: null });
    expect(codeIn(await remove(PASSWORD))).toBe("passkey_not_found");
    expect(codeIn(await byPasskey(key))).toBe("passkey_unknown");
    expect((await byPassword()).status).toBe(200);
  });
});

describe("what no passkey opens", () => {
  test.each([
    ["another site's page", { origin: "https://lipia.example.com" }],
    ["another site's name", { rpId: "example.com" }],
    ["a question of before", { challenge: "b".repeat(43) }],
    ["somebody who did not show a finger or type a PIN", { unverified: true }],
    ["another person's handle", { userHandle: Buffer.from("usr_other").toString("base64url") }],
  ])("%s", async (_what, odd) => {
    const { key } = await withPasskey();
    const refused = await byPasskey(key, odd);
    expect([refused.status, codeIn(refused)]).toEqual([422, "passkey_unknown"]);
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect((await byPasskey(key)).status).toBe(200);
  });

  test("a passkey that nobody here has, answered as a false one of somebody's", async () => {
    const { key } = await withPasskey();
    const stranger = softwarePasskey(place());
    const unknown = await byPasskey(stranger, { userHandle: "dXNy" });
    const forged = await byPasskey(key, { unverified: true });
    const bare = ({ status, body }: Reply) => [status, body.error.code, body.error.message];
    expect(bare(unknown)).toEqual(bare(forged));
  });

  test("an answer that was used, is late, or was asked of somebody else", async () => {
    const { key } = await withPasskey();
    const { handle, question } = await ask();
    const answer = key.answer(question);
    expect((await post("sign-in/passkey", { handle, answer })).status).toBe(200);
    expect(codeIn(await post("sign-in/passkey", { handle, answer }))).toBe("passkey_late");
    const other = await ask();
    const crossed = { handle: other.handle, answer: key.answer(question) };
    expect(codeIn(await post("sign-in/passkey", crossed))).toBe("passkey_unknown");
    const slow = await ask();
    time.now += 5 * MINUTE_MS;
    const late = { handle: slow.handle, answer: key.answer(slow.question) };
    expect(codeIn(await post("sign-in/passkey", late))).toBe("passkey_late");
  });

  test("one of two answers to the same question at once", async () => {
    const { key } = await withPasskey();
    const { handle, question } = await ask();
    const answers = [key.answer(question), key.answer(question)];
    const both = await Promise.all(
      answers.map((answer) => post("sign-in/passkey", { handle, answer })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  test("a passkey that counts backwards: refused, and noted in the audit log", async () => {
    const { key } = await withPasskey();
    expect((await byPasskey(key, { count: 7 })).status).toBe(200);
    for (const count of [7, 3, 0]) {
      expect(codeIn(await byPasskey(key, { count }))).toBe("passkey_copied");
    }
    const rows = (await auditRows("passkey_refused")).filter(
      ({ targetName }) => targetName === email,
    );
    expect(rows.map(({ details }) => details)).toEqual(
      [0, 3, 7].map((count) => ({ name: "Phone", count, before: 7 })),
    );
    expect((await byPasskey(key, { count: 8 })).status).toBe(200);
  });

  test("guessing: a passkey has as many tries as a password", async () => {
    const { key } = await withPasskey();
    const seen: (string | undefined)[] = [];
    for (let n = 0; n < 7; n += 1) seen.push(codeIn(await byPasskey(key, { unverified: true })));
    expect(seen.slice(0, 6)).toEqual(Array(6).fill("passkey_unknown"));
    expect(seen[6]).toBe("too_many_tries");
    expect(codeIn(await byPasskey(key))).toBe("too_many_tries");
  });

  test("a passkey of who was removed", async () => {
    const { key } = await withPasskey();
    await house.app.store.people.removePerson(`usr_${made}` as UserId, "owner", time.now);
    expect(codeIn(await byPasskey(key))).toBe("passkey_unknown");
  });
});

describe("adding", () => {
  test("takes no answer to another session's question, and none twice", async () => {
    const [one, two] = [sessionOf(await byPassword()), sessionOf(await byPassword())];
    const wish: PasskeyWish = (await one("POST", "security/passkeys/begin", {})).body;
    await two("POST", "security/passkeys/begin", {});
    const key = softwarePasskey(place());
    const body = { name: "Phone", passkey: key.make(wish) };
    expect(codeIn(await two("POST", "security/passkeys", body))).toBe("passkey_unfit");
    expect((await one("POST", "security/passkeys", body)).status).toBe(200);
    expect(codeIn(await one("POST", "security/passkeys", body))).toBe("passkey_late");
  });

  test.each([
    ["another site's page", { origin: "https://lipia.example.com" }],
    ["without a finger or PIN", { unverified: true }],
  ])("takes none of %s", async (_what, odd) => {
    const send = sessionOf(await byPassword());
    const wish: PasskeyWish = (await send("POST", "security/passkeys/begin", {})).body;
    const passkey = softwarePasskey(place()).make(wish, odd);
    const refused = await send("POST", "security/passkeys", { name: "Phone", passkey });
    expect([refused.status, codeIn(refused)]).toEqual([422, "passkey_unfit"]);
    expect((await byPassword()).status).toBe(200);
  });
});

describe("proving it is them once more", () => {
  test("takes a passkey of the person, and none of somebody else", async () => {
    const other = await withPasskey();
    made += 1;
    email = `owner${made}@shop.co.ke`;
    const passwordHash = await hashPassword(PASSWORD);
    const id = `usr_${made}` as UserId;
    await house.app.store.people.addUser({ id, email, passwordHash, role: "owner", createdAt: 1 });
    const { send, key } = await withPasskey();
    time.now += 6 * MINUTE_MS;
    const newKey = () => send("POST", "settings/keys", { kind: "publishable" });
    const asked = await newKey();
    expect([codeIn(asked), asked.body.error.factors]).toEqual(["step_up_needed", ["passkey"]]);
    const question = async () => (await send("POST", "step-up/passkey", {})).body;
    const foreign = { passkey: other.key.answer(await question()) };
    expect(codeIn(await send("POST", "step-up", foreign))).toBe("passkey_unknown");
    expect((await newKey()).status).toBe(403);
    const signInQuestion = (await ask()).question;
    await question();
    const crossed = { passkey: key.answer(signInQuestion) };
    expect(codeIn(await send("POST", "step-up", crossed))).toBe("passkey_unknown");
    const right = { passkey: key.answer(await question()) };
    expect((await send("POST", "step-up", right)).status).toBe(204);
    expect(codeIn(await send("POST", "step-up", right))).toBe("passkey_late");
    expect((await newKey()).status).toBe(201);
  });
});

test("where PUBLIC_URL is an address of digits, passkeys are said to be impossible", async () => {
  await using numbered = await testHouse({ clock, env: { PUBLIC_URL: "http://127.0.0.1:4100" } });
  const reply = await numbered.call(
    "POST",
    "/dashboard/api/sign-in/passkey/begin",
    {},
    {
      Origin: "http://127.0.0.1:4100",
      Authorization: "",
    },
  );
  expect([reply.status, reply.body.error.code]).toEqual([409, "passkeys_nowhere"]);
});
