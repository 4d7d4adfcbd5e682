/** People over HTTP in the whole house: invitations, roles, removal, sessions and their sockets. */
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InviteAnswer, PeopleView, SessionList } from "../../shared/people-api.ts";
import type { UserRole } from "../../shared/permissions.ts";
import { DASHBOARD_NAMESPACE, SOCKET_PATH } from "../../shared/push-events.ts";
import { fastClock, type Reply, type TestHouse, testHouse } from "../app.test-support.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };
const HOUR_MS = 3_600_000;
const ANDROID = "Mozilla/5.0 (Linux; Android 10; K) Chrome/131.0.0.0 Mobile Safari/537.36";

let house: TestHouse;
const time = { ahead: 0 };
const sockets: Socket[] = [];
beforeAll(async () => {
  const wall = fastClock(1);
  house = await testHouse({ clock: { ...wall, now: () => wall.now() + time.ahead } });
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await house[Symbol.asyncDispose]();
});

const headers = () => ({ Origin: house.origin, Authorization: "" });
const post = (path: string, body: object, more: Record<string, string> = {}) =>
  house.call("POST", `/dashboard/api/${path}`, body, { ...headers(), ...more });
const codeOf = ({ status, body }: Reply) => `${status} ${body?.error?.code}`;

/** Somebody at a browser, who came in by `entered`. */
function at(entered: Reply) {
  const cookie = (entered.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  const send = (method: string, path: string, body?: object): Promise<Reply> =>
    house.call(method, `/dashboard/api/${path}`, body, { ...headers(), Cookie: cookie });
  return {
    cookie,
    post: (path: string, body: object = {}) => send("POST", path, body),
    people: async (): Promise<PeopleView> => (await send("GET", "people")).body,
    sessions: async (): Promise<SessionList> => (await send("GET", "sessions")).body,
    status: async () => (await send("GET", "session")).status,
  };
}
const enter = async (who: typeof OWNER, agent = ANDROID) =>
  at(await post("sign-in", who, { "User-Agent": agent }));

let count = 0;
const fresh = () => `person-${++count}@shop.co.ke`;

async function invited(by: ReturnType<typeof at>, role: UserRole, email = fresh()) {
  const made = await by.post("invitations", { email, role, password: OWNER.password });
  expect(made.status).toBe(201);
  const { link } = made.body as InviteAnswer;
  return { email, link, token: new URLSearchParams(new URL(link).hash.slice(1)).get("token") };
}

/** A new person, invited by the owner and signed in by the link. */
async function newcomer(role: UserRole) {
  const owner = await enter(OWNER);
  const { email, token } = await invited(owner, role);
  const joined = await post("join", { token, password: OWNER.password });
  expect(joined.body).toMatchObject({ user: { email, role } });
  const found = (await owner.people()).people.find((person) => person.email === email);
  return { ...at(joined), email, id: found?.id ?? "", owner };
}

/** An open socket of somebody, and the promise of its end. */
async function socketOf({ cookie }: { readonly cookie: string }) {
  const socket = io(house.origin + DASHBOARD_NAMESPACE, {
    path: SOCKET_PATH,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    extraHeaders: { Origin: house.origin, Cookie: cookie },
  });
  sockets.push(socket);
  const cut = new Promise((resolve) => socket.once("disconnect", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return { socket, cut };
}

describe("an invitation", () => {
  test("lets its person in once, with the password they choose, and is seen by nobody else", async () => {
    const owner = await enter(OWNER);
    const { email, link, token } = await invited(owner, "operator");
    expect(link).toMatch(/^http:\/\/localhost:\d+\/dashboard\/join#token=[\w-]{43}$/);
    expect((await owner.people()).invitations.map((one) => one.email)).toContain(email);
    expect(JSON.stringify(await owner.people())).not.toContain(token);
    const read = await post("join/read", { token });
    expect(read.body).toMatchObject({ email, role: "operator" });
    const weak = await post("join", { token, password: "short" });
    expect([weak.status, weak.body.error.param]).toEqual([422, "password"]);
    const joined = await post("join", { token, password: "chosen by myself" });
    expect(joined.body.user).toEqual({ email, role: "operator" });
    expect(await at(joined).status()).toBe(200);
    expect(codeOf(await post("join", { token, password: "chosen by myself" }))).toBe(
      "404 invitation_gone",
    );
    expect((await owner.people()).invitations.map((one) => one.email)).not.toContain(email);
    expect((await enter({ email, password: "chosen by myself" })).cookie).not.toBe("");
    expect(house.logged.join("\n")).not.toContain(token);
  });

  test("ends after three days, by its revocation, and by a newer one for the same address", async () => {
    const owner = await enter(OWNER);
    const [first, second] = [await invited(owner, "viewer"), await invited(owner, "viewer")];
    const again = await invited(owner, "viewer", first.email);
    const read = async (token: string | null) => (await post("join/read", { token })).status;
    expect([await read(first.token), await read(again.token)]).toEqual([404, 200]);
    const { invitations } = await owner.people();
    const id = invitations.find((one) => one.email === second.email)?.id;
    expect((await owner.post(`invitations/${id}/revoke`)).status).toBe(200);
    expect(await read(second.token)).toBe(404);
    time.ahead += 72 * HOUR_MS;
    expect(await read(again.token)).toBe(404);
    expect(codeOf(await post("join", { token: again.token, password: OWNER.password }))).toBe(
      "404 invitation_gone",
    );
  });

  test("needs the password, an address, a role, and somebody who is not here yet", async () => {
    const owner = await enter(OWNER);
    const wish = { email: fresh(), role: "viewer", password: OWNER.password };
    const params = async (over: object) => {
      const { status, body } = await owner.post("invitations", { ...wish, ...over });
      return [status, body.error.param];
    };
    expect(await params({ password: "not this one" })).toEqual([422, "password"]);
    expect(await params({ email: "nobody" })).toEqual([422, "email"]);
    expect(await params({ role: "king" })).toEqual([422, "role"]);
    expect(await params({ email: " Owner@Shop.co.ke " })).toEqual([409, "email"]);
  });

  test("ends with the person who made it, and with their role", async () => {
    for (const change of ["remove", "role"]) {
      const manager = await newcomer("manager");
      const { token } = await invited(
        at(await post("sign-in", { email: manager.email, password: OWNER.password })),
        "manager",
      );
      const body = {
        was: "manager",
        password: OWNER.password,
        ...(change === "role" && { role: "viewer" }),
      };
      expect((await manager.owner.post(`people/${manager.id}/${change}`, body)).status).toBe(200);
      expect((await post("join/read", { token })).status).toBe(404);
    }
  });
});

describe("a role", () => {
  const wish = (was: UserRole, role: UserRole) => ({ was, role, password: OWNER.password });

  test("counts from the moment it is given, in a session that is open already", async () => {
    const viewer = await newcomer("viewer");
    expect(codeOf(await viewer.post("settings/origins", { was: [], origins: [] }))).toBe(
      "403 not_allowed",
    );
    const given = await viewer.owner.post(`people/${viewer.id}/role`, wish("viewer", "manager"));
    expect(given.body.people.find(({ id }: { id: string }) => id === viewer.id).role).toBe(
      "manager",
    );
    expect((await viewer.post("settings/origins", { was: [], origins: [] })).status).toBe(200);
    const stale = await viewer.owner.post(`people/${viewer.id}/role`, wish("viewer", "owner"));
    expect(codeOf(stale)).toBe("409 stale");
  });

  test("above one's own is neither given nor taken, and one's own is nobody's to change", async () => {
    const manager = await newcomer("manager");
    const { people } = await manager.people();
    const owner = people.find(({ role }) => role === "owner");
    const other = await newcomer("viewer");
    const tries = [
      manager.post(`people/${owner?.id}/role`, wish("owner", "viewer")),
      manager.post(`people/${owner?.id}/role`, wish("viewer", "viewer")),
      manager.post(`people/${owner?.id}/remove`, { was: "owner", password: OWNER.password }),
      manager.post(`people/${other.id}/role`, wish("viewer", "owner")),
      manager.post("invitations", { email: fresh(), role: "owner", password: OWNER.password }),
    ];
    for (const refused of await Promise.all(tries)) {
      expect(codeOf(refused)).toBe("403 not_allowed");
      expect(refused.body.error).toMatchObject({
        roles: ["owner"],
        message: expect.stringContaining("owner"),
      });
    }
    const self = await manager.post(`people/${manager.id}/role`, wish("manager", "viewer"));
    const gone = await manager.post(`people/${manager.id}/remove`, {
      was: "manager",
      password: OWNER.password,
    });
    expect([codeOf(self), codeOf(gone)]).toEqual(["409 yourself", "409 yourself"]);
    expect((await manager.people()).people.find(({ isYou }) => isYou)?.role).toBe("manager");
  });
});

describe("removing a person", () => {
  test("ends their sessions and sockets at once, and the address may be invited again", async () => {
    const operator = await newcomer("operator");
    const { cut } = await socketOf(operator);
    const remove = (password: string) =>
      operator.owner.post(`people/${operator.id}/remove`, { was: "operator", password });
    expect(codeOf(await remove("not this one"))).toBe("422 wrong_password");
    expect(await operator.status()).toBe(200);
    expect((await remove(OWNER.password)).status).toBe(200);
    expect(await cut).toBe("io server disconnect");
    expect(await operator.status()).toBe(401);
    expect(codeOf(await post("sign-in", { email: operator.email, password: OWNER.password }))).toBe(
      "401 wrong_credentials",
    );
    expect(codeOf(await remove(OWNER.password))).toBe("404 person_not_found");
    await invited(operator.owner, "viewer", operator.email);
  });
});

describe("sessions", () => {
  test("are told in plain words and to the hour, and end one by one with their sockets", async () => {
    const phone = await newcomer("viewer");
    const laptop = await enter(
      { email: phone.email, password: OWNER.password },
      "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    );
    const { sessions } = await laptop.sessions();
    expect(sessions).toHaveLength(2);
    expect(sessions.find(({ isThis }) => isThis)?.device).toBe("Firefox, Linux");
    for (const { lastUsedAt } of sessions) expect(lastUsedAt).toMatch(/:00:00\.000Z$/);
    const other = sessions.find(({ isThis }) => !isThis);
    const { cut } = await socketOf(phone);
    const { socket } = await socketOf(laptop);
    const stranger = await newcomer("manager");
    expect(codeOf(await stranger.post(`sessions/${other?.id}/end`))).toBe("404 session_not_found");
    expect((await laptop.post(`sessions/${other?.id}/end`)).body.sessions).toHaveLength(1);
    expect(await cut).toBe("io server disconnect");
    expect([await phone.status(), await laptop.status()]).toEqual([401, 200]);
    expect(socket.connected).toBe(true);
  });

  test("all others end at once, by one's own wish or with one's password", async () => {
    const first = await newcomer("viewer");
    const who = { email: first.email, password: OWNER.password };
    const second = await enter(who);
    const { cut } = await socketOf(first);
    const kept = await socketOf(second);
    expect((await second.post("sessions/end-others")).body.sessions).toHaveLength(1);
    expect(await cut).toBe("io server disconnect");
    expect([await first.status(), await second.status()]).toEqual([401, 200]);

    const third = await enter(who);
    const next = "a new and longer password";
    const wrong = await third.post("password", { password: "not this one", next });
    expect([wrong.status, wrong.body.error.param]).toEqual([422, "password"]);
    const weak = await third.post("password", { password: OWNER.password, next: "short" });
    expect([weak.status, weak.body.error.param]).toEqual([422, "next"]);
    expect((await third.post("password", { password: OWNER.password, next })).status).toBe(200);
    expect(await kept.cut).toBe("io server disconnect");
    expect([await second.status(), await third.status()]).toEqual([401, 200]);
    expect(codeOf(await post("sign-in", who))).toBe("401 wrong_credentials");
    expect((await post("sign-in", { ...who, password: next })).status).toBe(200);
  });

  test("of anybody are ended by the owner", async () => {
    const manager = await newcomer("manager");
    const { cut } = await socketOf(manager);
    expect((await manager.owner.post(`people/${manager.id}/sign-out`)).status).toBe(200);
    expect(await cut).toBe("io server disconnect");
    expect([await manager.status(), await manager.owner.status()]).toEqual([401, 200]);
  });

  test("note when somebody was here", async () => {
    const viewer = await newcomer("viewer");
    time.ahead += 2 * HOUR_MS;
    const before = new Date(Math.floor((Date.now() + time.ahead) / HOUR_MS) * HOUR_MS);
    expect(await viewer.status()).toBe(200);
    const owner = await enter(OWNER);
    const seen = (await owner.people()).people.find(({ id }) => id === viewer.id)?.lastSeenAt;
    expect(Date.parse(seen ?? "")).toBeGreaterThanOrEqual(before.getTime());
  });
});

describe("a flood of wrong passwords", () => {
  test("keeps out who comes from anywhere, but not the owner at a browser used before", async () => {
    const entered = await post("sign-in", OWNER);
    const device = entered.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0] ?? "")
      .find((cookie) => cookie.startsWith("lipia-device="));
    const guess = { ...OWNER, password: "a guess" };
    const flood = await Promise.all(Array.from({ length: 12 }, () => post("sign-in", guess)));
    expect(flood.map(({ status }) => status)).toContain(429);
    expect((await post("sign-in", OWNER)).status).toBe(429);
    const known = { Cookie: device ?? "" };
    expect((await post("sign-in", OWNER, known)).status).toBe(200);
    const forged = { Cookie: `${device?.slice(0, -2)}xx` };
    expect((await post("sign-in", OWNER, forged)).status).toBe(429);
    const other = { email: "other@shop.co.ke", password: "a guess" };
    const tries = await Promise.all(Array.from({ length: 8 }, () => post("sign-in", guess, known)));
    expect(tries.map(({ status }) => status)).toContain(429);
    expect((await post("sign-in", other, known)).status).toBe(401);
  });
});
