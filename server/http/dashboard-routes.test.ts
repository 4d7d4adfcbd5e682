import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import type { DashboardPayment } from "../../shared/api.ts";
import { DEFAULT_PROMPT_LIMITS } from "../../shared/prompt-limits.ts";
import type { PaymentWithAttempts } from "../core/payment.ts";
import { createSeal } from "../db/seal.ts";
import { closedGate, ensureFirstOwner, setUpLink } from "../flows/set-up.ts";
import { signInThrottle } from "../flows/sign-in-throttle.ts";
import type {
  Clock,
  FactorStore,
  Ids,
  KnownMerchant,
  ListFilter,
  Log,
  PaymentStore,
  PeopleStore,
  ProposalStore,
  Seal,
  StoryStore,
  User,
} from "../ports.ts";
import { merchantViews } from "./dashboard-merchants-routes.ts";
import { type DashboardDeps, dashboardRoutes } from "./dashboard-routes.ts";
import { authenticateSession, SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from "./sessions.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };
const PAYMENT_ID = `pay_${"0a".repeat(16)}`;

type Used =
  | "countUsers"
  | "addUser"
  | "userByEmail"
  | "openSession"
  | "sessionByHash"
  | "extendSession"
  | "proveSession"
  | "endSession"
  | "dropExpiredSessions";

class PeopleInMemory implements Pick<PeopleStore, Used> {
  readonly users: User[] = [];
  readonly sessions = new Map<
    string,
    {
      userId: string;
      createdAt: number;
      expiresAt: number;
      usedAt: number;
      provedAt: number | null;
    }
  >();
  async countUsers() {
    return this.users.length;
  }
  async addUser({ createdAt: _, ...user }: User & { createdAt: number }) {
    if (this.users.some(({ email }) => email === user.email)) return "taken" as const;
    this.users.push(user);
    return "added" as const;
  }
  async userByEmail(email: string) {
    return this.users.find((user) => user.email === email) ?? null;
  }
  async openSession(session: Parameters<PeopleStore["openSession"]>[0]) {
    const { provedAt = null, createdAt: usedAt } = session;
    this.sessions.set(session.idHash, { ...session, usedAt, provedAt });
  }
  async sessionByHash(idHash: string, at: number) {
    const session = this.sessions.get(idHash);
    const user = this.users.find(({ id }) => id === session?.userId);
    if (session === undefined || user === undefined || session.expiresAt <= at) return null;
    const { createdAt, expiresAt, usedAt, provedAt } = session;
    const life = { createdAt, expiresAt, usedAt, provedAt, device: null };
    return { user, session: { id: idHash, userId: user.id, ...life } };
  }
  async extendSession(idHash: string, expiresAt: number, usedAt: number) {
    const session = this.sessions.get(idHash);
    if (session !== undefined) Object.assign(session, { expiresAt, usedAt });
  }
  async proveSession(idHash: string, at: number) {
    const session = this.sessions.get(idHash);
    if (session !== undefined) session.provedAt = at;
  }
  async endSession(idHash: string) {
    this.sessions.delete(idHash);
  }
  async dropExpiredSessions(at: number) {
    for (const [hash, { expiresAt }] of this.sessions) {
      if (expiresAt <= at) this.sessions.delete(hash);
    }
  }
}

const silent: Log = { info() {}, warn() {}, error() {} };
const ids = {
  row: (prefix: string) => `${prefix}_${randomBytes(8).toString("hex")}`,
  secret: (bytes: number) => randomBytes(bytes).toString("base64url"),
} as Ids;

/** A payment as the store has it; only what the routes themselves look at. */
function stored(merchantId: string): PaymentWithAttempts {
  const payment = { id: PAYMENT_ID, merchantId, environment: "simulator" };
  return { payment, attempts: [] } as unknown as PaymentWithAttempts;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A dashboard on a free port, signed out, with a clock that the test moves. */
async function world(options: { publicUrl?: string; owner?: boolean; log?: Log } = {}) {
  const people = new PeopleInMemory();
  const time = { now: Date.parse("2026-03-02T09:00:00Z") };
  const clock: Clock = { now: () => time.now, elapsed: () => time.now, sleep: async () => {} };
  const gate = closedGate();
  const ended: string[] = [];
  const asked: ListFilter[] = [];
  const found = { merchantId: "mer_1" };
  const app = express();
  const server = createServer(app).listen(0, "127.0.0.1");
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publicUrl = options.publicUrl ?? origin;
  const payments = {
    list: async (filter: ListFilter) => {
      asked.push(filter);
      return { rows: [stored("mer_1")], hasMore: true };
    },
    load: async (id: string) => (id === PAYMENT_ID ? stored(found.merchantId) : null),
    orderOf: async (id: string) => (id === PAYMENT_ID ? [stored(found.merchantId)] : []),
    phoneOfPayment: async () => null,
    timeline: async () => [
      {
        id: "tl_1",
        at: time.now,
        kind: "opened",
        attemptId: null,
        from: null,
        to: null,
        status: "open",
        detail: {},
      },
    ],
  } as unknown as PaymentStore;
  const merchant = {
    ...{ id: "mer_1", environment: "simulator", name: "Mama Njeri", shortcode: "600000" },
    ...{ origin: "default", pausedAt: null },
  } as KnownMerchant;
  const merchants = {
    byId: async (id: string) => (id === merchant.id ? merchant : null),
    ofEnvironment: async () => [merchant],
  };
  const deps: DashboardDeps = {
    people: people as unknown as PeopleStore,
    seal: createSeal(Buffer.alloc(32, 1)),
    factors: { kinds: async () => [] } as unknown as FactorStore,
    throttle: signInThrottle(() => time.now),
    noteFailedTry: () => {},
    payments,
    clock,
    ids,
    log: options.log ?? silent,
    gate,
    publicUrl,
    merchants,
    viewMerchant: merchantViews(null),
    merchantName: async () => "Mama Njeri",
    environment: "simulator",
    audit: { append: async () => {} },
    rooms: [],
    detail: {
      payments,
      clock,
      seal: {} as Seal,
      story: { notes: async () => [] } as unknown as StoryStore,
      merchants,
      merchant,
      limitsFor: async () => DEFAULT_PROMPT_LIMITS,
      proposals: { ofPayment: async () => null } as unknown as ProposalStore,
      people: people as unknown as PeopleStore,
      view: ({ payment }) => ({ id: payment.id }) as unknown as DashboardPayment,
    },
    onSessionEnded: (idHash) => ended.push(idHash),
  };
  app.use(dashboardRoutes(deps));
  const { setUpToken } = await ensureFirstOwner(deps, options.owner === false ? null : OWNER);

  const send = (
    method: string,
    path: string,
    init: { body?: unknown; headers?: HeadersInit } = {},
  ) =>
    fetch(`${origin}/dashboard/api/${path}`, {
      method,
      headers: {
        ...(method === "GET" ? {} : { Origin: publicUrl, "Content-Type": "application/json" }),
        ...(init.headers as Record<string, string> | undefined),
      },
      ...(init.body === undefined
        ? {}
        : { body: typeof init.body === "string" ? init.body : JSON.stringify(init.body) }),
    });
  const signIn = (credentials: object = OWNER, headers: HeadersInit = {}) =>
    send("POST", "sign-in", { body: credentials, headers });
  /** Signs in and gives the Cookie header a browser would send from then on. */
  const enter = async () => cookieOf(await signIn());
  return { people, time, deps, ended, asked, found, origin, setUpToken, send, signIn, enter };
}

function cookieOf(response: Response): string {
  return (response.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
}
async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

describe("signing in", () => {
  it("hands over a cookie that scripts and other sites cannot use", async () => {
    const { signIn, send } = await world();
    const response = await signIn();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      user: { email: OWNER.email, role: "owner" },
      environment: "simulator",
      merchantName: "Mama Njeri",
      merchants: [
        {
          ...{ id: "mer_1", name: "Mama Njeri", kind: "paybill", shortcode: "600000" },
          ...{ till: null, origin: "default", pausedAt: null },
        },
      ],
    });
    const [header = ""] = response.headers.getSetCookie();
    expect(header).toMatch(/^lipia=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
    const session = await send("GET", "session", { headers: { Cookie: cookieOf(response) } });
    expect(session.status).toBe(200);
    expect(session.headers.get("cache-control")).toBe("no-store");
  });

  it("uses a Secure __Host- cookie when the public address is https", async () => {
    const { signIn, send } = await world({ publicUrl: "https://pay.example.co.ke" });
    const response = await signIn();
    const [header = ""] = response.headers.getSetCookie();
    expect(header).toMatch(/^__Host-lipia=[\w-]{43}; Path=\/; .*; Secure$/);
    expect(header).not.toContain("Domain");
    const session = await send("GET", "session", { headers: { Cookie: cookieOf(response) } });
    expect(session.status).toBe(200);
  });

  it("keeps the secret of the cookie out of the store", async () => {
    const { enter, people } = await world();
    const secret = (await enter()).slice("lipia=".length);
    expect([...people.sessions.keys()].join()).not.toContain(secret);
    expect(people.users[0]?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it("answers a wrong password and an unknown address alike", async () => {
    const { signIn } = await world();
    const wrong = await signIn({ ...OWNER, password: "not this one" });
    const unknown = await signIn({ ...OWNER, email: "nobody@shop.co.ke" });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await unknown.text());
    expect(wrong.headers.getSetCookie()).toEqual([]);
  });

  it("takes the address as people type it", async () => {
    const { signIn } = await world();
    expect((await signIn({ ...OWNER, email: " Owner@Shop.co.ke " })).status).toBe(200);
  });

  it("names the field that is missing", async () => {
    const { signIn } = await world();
    const response = await signIn({ email: OWNER.email });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { param: "password" } });
  });

  it("makes a guesser wait and says for how long, but not the owner elsewhere", async () => {
    const { signIn } = await world();
    const wrong = { ...OWNER, password: "guess" };
    const answers = [];
    for (let tries = 0; tries < 7; tries += 1) answers.push(await signIn(wrong));
    const last = answers.at(-1);
    expect(answers.slice(0, 6).map(({ status }) => status)).toEqual(Array(6).fill(401));
    expect(last?.status).toBe(429);
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(Number(last?.headers.get("retry-after"))).toBeLessThanOrEqual(900);
    expect((await signIn()).status).toBe(429);
    expect((await signIn({ ...wrong, email: "other@shop.co.ke" })).status).toBe(401);
  });

  it("forgets the tries of somebody who then signs in", async () => {
    const { signIn } = await world();
    for (let round = 0; round < 3; round += 1) {
      for (let tries = 0; tries < 4; tries += 1) await signIn({ ...OWNER, password: "typo" });
      expect((await signIn()).status).toBe(200);
    }
  });
});

describe("a session", () => {
  it("ends on signing out, and its sockets are cut", async () => {
    const { enter, send, ended, people } = await world();
    const headers = { Cookie: await enter() };
    const [idHash] = people.sessions.keys();
    const response = await send("POST", "sign-out", { headers, body: {} });
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).toMatch(/^lipia=; Path=\/; Max-Age=0;/);
    expect(ended).toEqual([idHash]);
    expect((await send("GET", "session", { headers })).status).toBe(401);
  });

  it("ends after twelve idle hours, lives on in use, and ends for good after a week", async () => {
    const { enter, send, time } = await world();
    const look = async (cookie: string) =>
      (await send("GET", "session", { headers: { Cookie: cookie } })).status;
    const idle = await enter();
    time.now += SESSION_IDLE_MS;
    expect(await look(idle)).toBe(401);

    const used = await enter();
    const began = time.now;
    while (time.now + SESSION_IDLE_MS / 2 < began + SESSION_ABSOLUTE_MS) {
      time.now += SESSION_IDLE_MS / 2;
      expect(await look(used)).toBe(200);
    }
    time.now = began + SESSION_ABSOLUTE_MS;
    expect(await look(used)).toBe(401);
  });

  it("in use is let in also while its use cannot be noted, and the log says so", async () => {
    const warned: unknown[] = [];
    const log = { ...silent, warn: (event: string) => void warned.push(event) };
    const { enter, send, time, people } = await world({ log });
    const headers = { Cookie: await enter() };
    people.extendSession = async () => {
      throw Object.assign(new Error("disk is full"), { code: "SQLITE_FULL" });
    };
    time.now += 6 * 60_000;
    expect((await send("GET", "session", { headers })).status).toBe(200);
    expect(warned).toEqual(["session_not_extended"]);
  });

  it("is replaced, not joined, when somebody signs in over it", async () => {
    const { enter, signIn, send, ended } = await world();
    const first = await enter();
    await signIn(OWNER, { Cookie: first });
    expect(ended).toHaveLength(1);
    expect((await send("GET", "session", { headers: { Cookie: first } })).status).toBe(401);
  });

  it("opens a socket too, and no other cookie does", async () => {
    const { enter, deps, people } = await world();
    const cookie = await enter();
    expect(await authenticateSession(deps, `theme=dark; ${cookie}`)).toMatchObject({
      userId: people.users[0]?.id,
    });
    expect(await authenticateSession(deps, undefined)).toBeNull();
    expect(await authenticateSession(deps, "lipia=short")).toBeNull();
    expect(await authenticateSession(deps, `${cookie}; ${cookie}`)).toBeNull();
    expect(await authenticateSession(deps, cookie.replace("lipia", "__Host-lipia"))).toBeNull();
  });
});

describe("requests from elsewhere", () => {
  it.each([
    ["another origin", { Origin: "https://evil.example" }],
    ["another port of this machine", { Origin: "http://127.0.0.1:1" }],
    ["an origin that says null", { Origin: "null" }],
    ["an address that only begins like ours", { Origin: "http://127.0.0.1.evil.example" }],
  ])("refuses %s", async (_name, headers) => {
    const { signIn } = await world();
    const response = await signIn(OWNER, headers);
    expect(response.status).toBe(403);
    expect(await codeOf(response)).toBe("cross_site");
  });

  it("counts localhost and 127.0.0.1 as one origin", async () => {
    const { signIn, origin } = await world();
    const response = await signIn(OWNER, { Origin: origin.replace("127.0.0.1", "localhost") });
    expect(response.status).toBe(200);
  });

  it("goes by Sec-Fetch-Site where a browser leaves Origin out", async () => {
    const { origin } = await world();
    const bare = async (site?: string) => {
      const headers = {
        "Content-Type": "application/json",
        ...(site && { "Sec-Fetch-Site": site }),
      };
      const response = await fetch(`${origin}/dashboard/api/sign-in`, {
        method: "POST",
        headers,
        body: JSON.stringify(OWNER),
      });
      return response.status;
    };
    expect(await bare("same-origin")).toBe(200);
    expect(await bare("same-site")).toBe(403);
    expect(await bare()).toBe(403);
  });

  it("wants JSON, and says so when it cannot read it", async () => {
    const { send } = await world();
    const form = { "Content-Type": "text/plain" };
    expect((await send("POST", "sign-in", { body: OWNER, headers: form })).status).toBe(415);
    const broken = await send("POST", "sign-in", { body: "{" });
    expect([broken.status, await codeOf(broken)]).toEqual([400, "malformed_json"]);
    const large = await send("POST", "sign-in", { body: { email: "x".repeat(20_000) } });
    expect([large.status, await codeOf(large)]).toEqual([413, "body_too_large"]);
  });
});

describe("setting up", () => {
  const request = (token: string | null) => ({ token, ...OWNER });

  it("makes the first owner once, signed in, with the printed token", async () => {
    const { send, setUpToken, deps, people } = await world({ owner: false });
    expect(setUpLink("http://x", setUpToken ?? "")).toMatch(
      /^http:\/\/x\/dashboard\/set-up#token=/,
    );
    expect(await codeOf(await send("GET", "session"))).toBe("set_up_needed");
    const wrong = await send("POST", "set-up", { body: request("not the token") });
    expect([wrong.status, await codeOf(wrong)]).toEqual([403, "set_up_token_wrong"]);

    const made = await send("POST", "set-up", { body: request(setUpToken) });
    expect(made.status).toBe(200);
    const headers = { Cookie: cookieOf(made) };
    expect((await send("GET", "session", { headers })).status).toBe(200);

    const again = await send("POST", "set-up", { body: request(setUpToken) });
    expect([again.status, await codeOf(again)]).toEqual([409, "set_up_done"]);
    expect(await ensureFirstOwner(deps)).toEqual({ setUpToken: null });
    expect(people.users).toHaveLength(1);
  });

  it("makes one owner of two clicks at once", async () => {
    const { send, setUpToken, people } = await world({ owner: false });
    const click = (email: string) =>
      send("POST", "set-up", { body: { ...request(setUpToken), email } });
    const answers = await Promise.all([click("a@shop.co.ke"), click("b@shop.co.ke")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(people.users).toHaveLength(1);
  });

  it("refuses a weak password beside its field", async () => {
    const { send, setUpToken } = await world({ owner: false });
    const response = await send("POST", "set-up", {
      body: { ...request(setUpToken), password: "short" },
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { param: "password" } });
  });

  it("reads nothing more for whoever has no good link", async () => {
    const costly = `a@${".".repeat(16_000)}@`;
    const fresh = await world({ owner: false });
    const asked = { ...request("not the token"), email: costly, more: 1 };
    const wrong = await fresh.send("POST", "set-up", { body: asked });
    expect([wrong.status, await codeOf(wrong)]).toEqual([403, "set_up_token_wrong"]);
    const settled = await world();
    const late = await settled.send("POST", "set-up", { body: asked });
    expect([late.status, await codeOf(late)]).toEqual([409, "set_up_done"]);
  });

  it("needs no link when the environment names the owner", async () => {
    const { setUpToken, send } = await world();
    expect(setUpToken).toBeNull();
    expect(await codeOf(await send("GET", "session"))).toBe("not_signed_in");
  });
});

describe("payments", () => {
  it("are for signed-in people only", async () => {
    const { send } = await world();
    for (const path of ["payments", `payments/${PAYMENT_ID}`, "session"]) {
      const response = await send("GET", path);
      expect([response.status, await codeOf(response)]).toEqual([401, "not_signed_in"]);
    }
  });

  it("are listed for this merchant and environment with the filters asked for", async () => {
    const { enter, send, asked } = await world();
    const query = `limit=50&status=failed&q=QK1&createdFrom=2026-03-01T00:00:00Z&startingAfter=${PAYMENT_ID}`;
    const response = await send("GET", `payments?${query}`, { headers: { Cookie: await enter() } });
    expect(await response.json()).toEqual({ data: [{ id: PAYMENT_ID }], hasMore: true });
    expect(asked).toEqual([
      {
        merchantId: "mer_1",
        environment: "simulator",
        limit: 50,
        statuses: ["failed"],
        q: "QK1",
        createdFrom: Date.parse("2026-03-01T00:00:00Z"),
        startingAfter: PAYMENT_ID,
      },
    ]);
  });

  it("refuse a filter that makes no sense, naming it", async () => {
    const { enter, send } = await world();
    const headers = { Cookie: await enter() };
    const response = await send("GET", "payments?status=paid", { headers });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { param: "status" } });
    expect((await send("GET", "payments?startingAfter=x", { headers })).status).toBe(422);
  });

  it("show their story, and another merchant's is not found", async () => {
    const { enter, send, found } = await world();
    const headers = { Cookie: await enter() };
    const response = await send("GET", `payments/${PAYMENT_ID}`, { headers });
    expect(await response.json()).toMatchObject({
      payment: { id: PAYMENT_ID },
      timeline: [{ at: "2026-03-02T09:00:00.000Z", kind: "opened" }],
    });
    found.merchantId = "mer_2";
    expect((await send("GET", `payments/${PAYMENT_ID}`, { headers })).status).toBe(404);
    expect((await send("GET", "payments/pay_nonsense", { headers })).status).toBe(404);
  });
});
