/**
 * The authorisation matrix, made from the tables themselves: every route of the dashboard × every
 * role and nobody × an id of one's own, a foreign one (another merchant, another environment) and
 * one that does not exist. What is expected comes from shared/permissions.ts by the entrance of
 * each route; a call that is refused must leave every row as it was. The same table says how each
 * route is called rightly but for its body, for which rubbish must be refused as clearly.
 */
import { createHash, randomBytes } from "node:crypto";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DashboardRoute, ROUTES } from "../../shared/api.ts";
import { may, rolesThatMay, USER_ROLES, type UserRole } from "../../shared/permissions.ts";
import { type Reply, type TestHouse, testHouse } from "../app.test-support.ts";
import type { MerchantId, UserId } from "../core/payment.ts";
import { samplePayment } from "../db/samples.ts";
import { sessionName } from "../flows/end-sessions.ts";
import { hashPassword } from "../flows/passwords.ts";
import type { Merchant } from "../ports.ts";
import { ENTRANCES } from "./entrances.ts";
import { RUBBISH_BODIES, RUBBISH_WITH_WORDS } from "./rubbish-bodies.test-support.ts";
import { SESSION_IDLE_MS } from "./sessions.ts";

const PASSWORD = "a long enough password";

/** Which id a call names; `none` where the path has no place for one. */
type Whose = "none" | "own" | "another person" | "other merchant" | "other environment" | "absent";
type IdMakers = Readonly<
  Partial<Record<Exclude<Whose, "none" | "absent">, (caller: Caller) => Promise<string>>>
>;
type Caller = UserRole | "nobody";

/** How a route is called rightly, so that nothing but the person can be the reason to refuse. */
interface Call {
  readonly body?: () => object | Promise<object>;
  /** Made anew for each call, for calls that use their object up. */
  readonly ids?: IdMakers;
  /** Of a call that is allowed and names nothing foreign; any 2xx by default. */
  readonly allowed?: number;
  /** Of a route about the merchant that `?merchant=` names: the rest of the query that it needs. */
  readonly ofMerchant?: string;
}

const CALLS: Readonly<Record<DashboardRoute, Call>> = {
  dashboardSession: {},
  dashboardSignIn: { allowed: 422 },
  dashboardSignOut: {},
  dashboardSetUp: { allowed: 422 },
  dashboardSettings: { ofMerchant: "" },
  dashboardOrigins: {
    ofMerchant: "",
    body: async () => {
      const now = await house.app.store.merchants.byId(house.app.merchant.id);
      return { was: now?.allowedOrigins ?? [], origins: [`https://shop-${++made}.co.ke`] };
    },
  },
  dashboardStepUp: { body: () => ({ password: PASSWORD }) },
  dashboardSecurity: {},
  dashboardAudit: {},
  dashboardAuditVerify: {},
  dashboardFactorBegin: {},
  dashboardFactorConfirm: { allowed: 422 },
  dashboardFactorOff: { body: () => ({ password: PASSWORD, code: "000000" }), allowed: 409 },
  dashboardRecoveryCodes: { allowed: 409 },
  dashboardPasskeyAsk: {},
  dashboardPasskeySignIn: { allowed: 422 },
  // Nobody has a passkey until one is made for the calls after it.
  dashboardPasskeyStepUp: { allowed: 409 },
  dashboardPasskeyBegin: {},
  dashboardPasskeyAdd: { allowed: 422 },
  dashboardPasskeyName: { ids: passkeyIds(), body: () => ({ name: `Phone ${++made}` }) },
  dashboardPasskeyRemove: { ids: passkeyIds(), body: () => ({ password: PASSWORD }) },
  dashboardNewKey: { body: () => ({ kind: "secret" }), ofMerchant: "" },
  dashboardRevokeKey: {
    ids: {
      own: () => newKey(house.app.merchant),
      "other environment": () => newKey(elsewhere),
    },
  },
  dashboardBrand: { ofMerchant: "" },
  dashboardChangeBrand: {
    ofMerchant: "",
    body: async () => {
      const now = await house.app.store.merchants.byId(house.app.merchant.id);
      const version = now?.brand.version ?? 0;
      return { version, name: `Shop ${++made}`, accent: null, logo: { kind: "keep" } };
    },
  },
  dashboardMerchants: {},
  dashboardAddMerchant: {
    body: () => ({ name: `Kiosk ${++made}`, kind: "paybill", shortcode: `${700_000 + made}` }),
  },
  // The simulator takes no credentials.
  dashboardMerchantCredentials: {
    body: () => ({ consumerKey: "key", consumerSecret: "secret", passkey: "passkey" }),
    ids: { own: newMerchant, "other environment": async () => elsewhere.id },
    allowed: 422,
  },
  dashboardPauseMerchant: {
    body: () => ({ paused: true }),
    ids: { own: newMerchant, "other environment": async () => elsewhere.id },
  },
  dashboardPeople: {},
  dashboardPersonRole: {
    body: () => ({ was: "viewer", role: "operator", password: PASSWORD }),
    ids: { own: newPerson },
  },
  dashboardRemovePerson: {
    body: () => ({ was: "viewer", password: PASSWORD }),
    ids: { own: newPerson },
  },
  dashboardSignPersonOut: { ids: { own: newPerson } },
  dashboardInvite: {
    body: () => ({ email: `i${++made}@matrix.co.ke`, role: "viewer", password: PASSWORD }),
  },
  dashboardRevokeInvitation: { ids: { own: newInvitation } },
  dashboardReadInvitation: { allowed: 422 },
  dashboardJoin: { allowed: 422 },
  dashboardSessions: {},
  dashboardEndSession: { ids: { own: newSession, "another person": newStrangersSession } },
  dashboardEndOtherSessions: {},
  dashboardPassword: { body: () => ({ password: PASSWORD, next: PASSWORD }) },
  dashboardGoLive: { ofMerchant: "" },
  dashboardTryCallback: { ofMerchant: "" },
  dashboardTryCredentials: { ofMerchant: "" },
  dashboardLimits: { ofMerchant: "" },
  dashboardChangeLimits: {
    ofMerchant: "",
    body: async () => {
      const { version, limits } = await house.app.store.limits.limitsOf(house.app.merchant.id);
      return { ...limits, version, inADay: limits.inADay === 12 ? 11 : 12 };
    },
  },
  dashboardMailAlerts: {},
  dashboardChooseMailAlerts: { body: () => ({ kinds: ["doubt"], locale: "en" }) },
  // This house has no mail server.
  dashboardTestMail: { body: () => ({ locale: "en" }), allowed: 409 },
  dashboardErase: { body: () => ({ phoneNumber: "0711999888", lastDigits: "9888" }) },
  dashboardRetention: { ofMerchant: "" },
  dashboardRetentionCount: { allowed: 422, ofMerchant: "days=365" },
  dashboardChangeRetention: {
    ofMerchant: "",
    body: async () => {
      const { version, days } = await house.app.store.ageing.retentionOf(house.app.merchant.id);
      const shop = await house.app.store.merchants.byId(house.app.merchant.id);
      return { version, days: days === 365 ? null : 365, shop: shop?.name };
    },
  },
  dashboardHome: { ofMerchant: "" },
  dashboardFailures: { allowed: 422, ofMerchant: "from=2026-11-01&to=2026-11-28" },
  dashboardPayments: { ofMerchant: "" },
  dashboardTotals: { ofMerchant: "" },
  dashboardSearch: { body: () => ({ q: "0712345678" }) },
  dashboardSearchTotals: { body: () => ({ q: "0712345678" }) },
  dashboardSearchExport: { body: () => ({ q: "0712345678" }) },
  dashboardExport: { ofMerchant: "" },
  dashboardExportNumbers: {},
  dashboardViews: {},
  dashboardSaveView: { body: () => ({ name: `View ${++made}`, query: "status=failed" }) },
  dashboardDeleteView: {
    ids: {
      own: (caller) => newView(userOf(caller)),
      "another person": async () => newView((await newPerson()) as UserId),
    },
  },
  dashboardPayment: { ids: paymentIds() },
  // Nobody was prompted, so there is nothing to ask about, and no attempt to decide about.
  dashboardAsk: { ids: paymentIds(), allowed: 409 },
  // A test phone that refuses at once: nothing of it happens later, under another call.
  dashboardPrompt: {
    ids: paymentIds(),
    body: () => ({ phoneNumber: `0700${String(++made).padStart(4, "0")}13` }),
  },
  dashboardConfirm: { ids: paymentIds(), body: () => ({ ...DECISION, ...PROOF }), allowed: 422 },
  dashboardFail: { ids: paymentIds(), body: () => DECISION, allowed: 422 },
  dashboardReverse: { ids: paymentIds(), body: () => ({ ...DECISION, ...PROOF }), allowed: 422 },
  // No proposal waits: the calls are well formed and find nothing.
  dashboardApprove: {
    ids: paymentIds(),
    body: () => ({ proposalId: "prp_absent", version: 1, reason: DECISION.reason }),
    allowed: 409,
  },
  dashboardDecline: {
    ids: paymentIds(),
    body: () => ({ proposalId: "prp_absent", reason: DECISION.reason }),
    allowed: 409,
  },
  dashboardTwoPerson: {},
  dashboardSetTwoPerson: {
    body: async () => {
      const now = await house.app.store.merchants.byId(house.app.merchant.id);
      const was = now?.twoPersonFrom ?? null;
      return { was: was === null ? null : was / 100, from: was === null ? 250_000 : null };
    },
  },
  dashboardNote: { ids: paymentIds(), body: () => ({ text: "A note" }) },
  dashboardMessages: { ids: paymentIds() },
  dashboardEvidence: { ids: paymentIds() },
};

const DECISION = {
  version: 1,
  attemptId: `att_${"f".repeat(32)}`,
  reason: "seen in the statement",
};
const PROOF = { receipt: "UKO7A1B2C3", amount: 20 };

function passkeyIds(): IdMakers {
  return {
    own: (caller) => newPasskey(userOf(caller)),
    "another person": async () => newPasskey((await newPerson()) as UserId),
  };
}

/** A payment of one's own and two foreign ones. */
function paymentIds(): IdMakers {
  return {
    own: () => newPayment(house.app.merchant),
    "other merchant": () => newPayment({ ...house.app.merchant, id: "mer_stranger" as MerchantId }),
    "other environment": () => newPayment({ ...house.app.merchant, environment: "sandbox" }),
  };
}

let made = 0;
let house: TestHouse;
let elsewhere: Merchant;
let rows: Database.Database;
beforeAll(async () => {
  house = await testHouse();
  rows = new Database((house.env.DATABASE_URL ?? "").slice("file:".length), { readonly: true });
  const { merchants, people } = house.app.store;
  const passwordHash = await hashPassword(PASSWORD);
  for (const role of USER_ROLES) {
    const [id, email] = [`usr_${role}` as UserId, `${role}@matrix.co.ke`];
    await people.addUser({ id, email, passwordHash, role, createdAt: Date.now() });
  }
  elsewhere = await merchants.ensureDefault({
    ...house.app.merchant,
    id: "mer_elsewhere" as MerchantId,
    environment: "sandbox",
  });
});
afterAll(async () => {
  rows.close();
  await house[Symbol.asyncDispose]();
});

async function newKey({ id: merchantId, environment }: Merchant): Promise<string> {
  const id = `key_matrix_${++made}`;
  const rest = { kind: "secret", hash: id, tail: "tail", sealed: null, createdAt: 1 } as const;
  await house.app.store.merchants.addKey({ id, merchantId, environment, ...rest });
  return id;
}

async function newMerchant(): Promise<string> {
  const { environment } = house.app.merchant;
  const id = `mer_matrix_${++made}` as MerchantId;
  const numbers = { shortcode: `${800_000 + made}`, till: null };
  const merchant = { id, environment, name: id, ...numbers, pull: "off" as const };
  const audit = {
    at: 1,
    actor: "system",
    action: "merchant_added",
    target: id,
    details: {},
  } as const;
  await house.app.store.merchants.add({ ...merchant, credentialsSealed: null }, audit);
  return id;
}

async function newPayment({ id: merchantId, environment }: Merchant): Promise<string> {
  const payment = samplePayment({
    id: `pay_${randomBytes(16).toString("hex")}` as ReturnType<typeof samplePayment>["id"],
    merchantId,
    environment,
  });
  const { createdAt: at } = payment;
  const line = { at, kind: "opened", attemptId: null, from: null, to: null } as const;
  await house.app.store.payments.open(payment, { ...line, status: "open", detail: {} });
  return payment.id;
}

const CALLERS: readonly Caller[] = [...USER_ROLES, "nobody"];

async function openSession(userId: UserId): Promise<{ secret: string; id: string }> {
  const secret = randomBytes(32).toString("base64url");
  const id = createHash("sha256").update(secret).digest("hex");
  const createdAt = Date.now();
  const life = { createdAt, expiresAt: createdAt + SESSION_IDLE_MS, provedAt: createdAt };
  await house.app.store.people.openSession({ idHash: id, userId, ...life });
  return { secret, id };
}

/** A session of its own for each call, since some of them end theirs. */
async function cookieOf(caller: Caller): Promise<Record<string, string>> {
  if (caller === "nobody") return {};
  return { Cookie: `lipia=${(await openSession(userOf(caller))).secret}` };
}

function userOf(caller: Caller): UserId {
  return `usr_${caller === "nobody" ? "owner" : caller}` as UserId;
}

/** A viewer, whom everybody with the permission may manage. */
async function newPerson(): Promise<string> {
  const id = `usr_matrix_${++made}` as UserId;
  const person = { id, email: `${id}@matrix.co.ke`, passwordHash: "", role: "viewer" } as const;
  await house.app.store.people.addUser({ ...person, createdAt: Date.now() });
  await openSession(id);
  return id;
}

async function newInvitation(): Promise<string> {
  const id = `inv_matrix_${++made}`;
  const invitation = { id, email: `${id}@matrix.co.ke`, role: "viewer", tokenHash: id } as const;
  const life = { createdAt: Date.now(), expiresAt: Date.now() + 60_000 };
  await house.app.store.people.invite({ ...invitation, ...life, invitedBy: userOf("owner") });
  return id;
}

async function newSession(caller: Caller): Promise<string> {
  return sessionName(await openSession(userOf(caller)));
}

async function newStrangersSession(): Promise<string> {
  return sessionName(await openSession((await newPerson()) as UserId));
}

async function newPasskey(userId: UserId): Promise<string> {
  const id = `psk_matrix_${++made}`;
  const { factors, passkeys } = house.app.store;
  const parts = { credentialId: id, publicKey: "key", signCount: 0, transports: [], name: id };
  const firstCodes = (await factors.kinds(userId)).length === 0 ? [id] : null;
  const audit = {
    at: 1,
    actor: userId,
    action: "passkey_added",
    target: null,
    details: {},
  } as const;
  const added = await passkeys.add({ id, userId, ...parts, createdAt: 1 }, firstCodes, audit);
  expect(added).toBe("added");
  return id;
}

async function newView(userId: UserId): Promise<string> {
  const id = `viw_matrix_${++made}`;
  const view = { id, userId, name: id, query: "status=failed", createdAt: 1 };
  expect(await house.app.store.views.save(view)).toBe("saved");
  return id;
}

/** Every row but those that the worker's own heartbeat writes, and talk with Daraja, kept beside the work. */
function allRows(): string {
  const names = rows
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .pluck()
    .all() as string[];
  const beside = ["leases", "pulse", "bookmarks", "daraja_calls"];
  const tables = names.filter((name) => !beside.includes(name)).sort();
  return JSON.stringify(tables.map((name) => [name, rows.prepare(`select * from ${name}`).all()]));
}

/** One call, and whether it changed a row. */
async function tryOut(name: DashboardRoute, caller: Caller, whose: Whose) {
  const { body, ids } = CALLS[name];
  const [method = "", pattern = ""] = ROUTES[name].split(" ");
  const maker = whose === "none" || whose === "absent" ? undefined : ids?.[whose];
  const path = pattern.replace(":id", (await maker?.(caller)) ?? `pay_${"f".repeat(32)}`);
  const sent = method === "GET" ? undefined : ((await body?.()) ?? {});
  const headers = { Origin: house.origin, Authorization: "", ...(await cookieOf(caller)) };
  const before = allRows();
  const reply = await house.call(method, path, sent, headers);
  return { reply, changed: allRows() !== before };
}

/** What the tables say must come of it. */
function expected(name: DashboardRoute, caller: Caller, whose: Whose): string {
  const entrance = ENTRANCES[name];
  if (entrance !== "everybody") {
    if (caller === "nobody") return "401 not_signed_in";
    if (entrance !== "signed_in" && !may(caller, entrance)) return "403 not_allowed";
  }
  return whose === "none" || whose === "own" ? `${CALLS[name].allowed ?? "2xx"}` : "404";
}

function seen(reply: Reply, wanted: string): string {
  if (wanted === "2xx") return reply.status < 300 ? "2xx" : `${reply.status} ${reply.body}`;
  const code: unknown = reply.body?.error?.code;
  return wanted.includes(" ") ? `${reply.status} ${code}` : `${reply.status}`;
}

const names = Object.keys(ENTRANCES) as DashboardRoute[];

function cellsOf(name: DashboardRoute): readonly Whose[] {
  const { ids } = CALLS[name];
  return ids === undefined ? ["none"] : [...(Object.keys(ids) as Whose[]), "absent"];
}

describe.each(names)("%s", (name) => {
  test.each(CALLERS.flatMap((caller) => cellsOf(name).map((whose) => [caller, whose] as const)))(
    "for %s, id: %s",
    async (caller, whose) => {
      const wanted = expected(name, caller, whose);
      const { reply, changed } = await tryOut(name, caller, whose);
      expect(seen(reply, wanted)).toBe(wanted);
      if (reply.status >= 400) expect(changed, "a refused call changed a row").toBe(false);
      if (wanted !== "403 not_allowed") return;
      const entrance = ENTRANCES[name];
      if (entrance === "everybody" || entrance === "signed_in") return;
      expect(reply.body.error.roles).toEqual(rolesThatMay(entrance));
      for (const role of rolesThatMay(entrance)) expect(reply.body.error.message).toContain(role);
    },
  );
});

const ofMerchants = names.filter((name) => CALLS[name].ofMerchant !== undefined);

describe.each(ofMerchants)("%s of a merchant", (name) => {
  test.each(["other environment", "absent"])("is not found in case of: %s", async (whose) => {
    const id = whose === "absent" ? "mer_absent" : elsewhere.id;
    const [method = "", path = ""] = ROUTES[name].split(" ");
    const { body, ofMerchant = "" } = CALLS[name];
    const sent = method === "GET" ? undefined : ((await body?.()) ?? {});
    const headers = { Origin: house.origin, Authorization: "", ...(await cookieOf("owner")) };
    const before = allRows();
    const reply = await house.call(method, `${path}?${ofMerchant}&merchant=${id}`, sent, headers);
    expect(seen(reply, "404 merchant_not_found")).toBe("404 merchant_not_found");
    expect(allRows() === before, "a refused call left every row as it was").toBe(true);
  });
});

/** Right without any body, or with `{}`: nothing at all is no rubbish for them. */
const BODY_MAY_LACK: ReadonlySet<DashboardRoute> = new Set([
  "dashboardSignOut",
  "dashboardFactorBegin",
  "dashboardRecoveryCodes",
  "dashboardPasskeyAsk",
  "dashboardPasskeyStepUp",
  "dashboardPasskeyBegin",
  "dashboardRevokeKey",
  "dashboardSignPersonOut",
  "dashboardRevokeInvitation",
  "dashboardEndSession",
  "dashboardEndOtherSessions",
  "dashboardTryCallback",
  "dashboardTryCredentials",
  "dashboardSearch",
  "dashboardSearchTotals",
  "dashboardSearchExport",
  "dashboardExportNumbers",
  "dashboardDeleteView",
  "dashboardAsk",
  "dashboardPrompt",
]);
const posts = names.filter((name) => ROUTES[name].startsWith("POST "));

test.each(posts)(
  "%s refuses every rubbish body, though the caller may, and moves nothing",
  async (name) => {
    const path = (ROUTES[name].split(" ")[1] ?? "").replace(
      ":id",
      (await CALLS[name].ids?.own?.("owner")) ?? "",
    );
    const headers = { Origin: house.origin, Authorization: "", ...(await cookieOf("owner")) };
    const before = allRows();
    for (const body of BODY_MAY_LACK.has(name) ? RUBBISH_WITH_WORDS : RUBBISH_BODIES) {
      const reply = await house.call("POST", path, body, headers);
      const told = `${body.slice(0, 40)}: ${reply.status} ${reply.body?.error?.code}`;
      expect([400, 413, 422], told).toContain(reply.status);
      expect(reply.body.error.type, told).toBe("invalid_request");
    }
    expect(allRows() === before, "a refused body left every row as it was").toBe(true);
  },
);

test("every address of the dashboard's API is in the table, and its calls name what they need", () => {
  const all = Object.entries(ROUTES).filter(([, route]) => route.includes(" /dashboard/api/"));
  expect(all.map(([name]) => name).sort()).toEqual([...names].sort());
  for (const name of names) {
    const takesId = ROUTES[name].includes(":id");
    expect(CALLS[name].ids !== undefined, `${name} takes an id: ${takesId}`).toBe(takesId);
  }
});

test("what the table does not list is not served, to the owner neither", async () => {
  const headers = { Origin: house.origin, ...(await cookieOf("owner")) };
  for (const path of ["/dashboard/api", "/dashboard/api/nothing", "/dashboard/api/payments/x/y"]) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const { status } = await house.call(method, path, method === "GET" ? undefined : {}, headers);
      expect(status, `${method} ${path}`).toBe(404);
    }
  }
});
