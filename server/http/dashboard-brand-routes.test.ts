/** The look over HTTP in the whole house: what is taken, refused and shown to customers. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrandView } from "../../shared/brand-api.ts";
import { type TestHouse, testHouse } from "../app.test-support.ts";
import type { UserId } from "../core/payment.ts";
import { hashPassword } from "../flows/passwords.ts";
import { JPEG, pngOf, SVG, WEBPS } from "../logo-samples.ts";

const OWNER = { email: "owner@shop.co.ke", password: "a long enough password" };
const PNG = pngOf(48, 48);

let house: TestHouse;
let send: (method: string, path: string, body?: object) => ReturnType<TestHouse["call"]>;
beforeAll(async () => {
  house = await testHouse();
  await house.app.store.people.addUser({
    id: "usr_owner" as UserId,
    email: OWNER.email,
    passwordHash: await hashPassword(OWNER.password),
    role: "owner",
    createdAt: Date.now(),
  });
  const headers = { Origin: house.origin, Authorization: "" };
  const signedIn = await house.call("POST", "/dashboard/api/sign-in", OWNER, headers);
  const Cookie = (signedIn.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  send = (method, path, body) =>
    house.call(method, `/dashboard/api/${path}`, body, { ...headers, Cookie });
});
afterAll(() => house[Symbol.asyncDispose]());

const now = async (): Promise<BrandView> => (await send("GET", "settings/brand")).body;
async function change(part: object) {
  const { version, name, accent } = await now();
  const wish = { version, name, accent, logo: { kind: "keep" }, ...part };
  return send("POST", "settings/brand", wish);
}
const fresh = (bytes: Buffer) => ({ logo: { kind: "new", base64: bytes.toString("base64") } });

let orders = 0;
async function checkout() {
  orders += 1;
  const wish = { amount: 5, orderReference: `B-${orders}` };
  const { checkoutUrl } = (await house.call("POST", "/v1/payments", wish)).body;
  const page: string = (await house.call("GET", new URL(checkoutUrl).pathname)).body;
  const json = /<script type="application\/json" id="lipia-view">(.*?)<\/script>/.exec(page)?.[1];
  return { page, view: JSON.parse(json ?? "{}") };
}
const served = (address: string) => fetch(`http://localhost:${house.app.port}${address}`);

test("a house begins with the configured name and nothing else", async () => {
  const { name } = house.app.merchant;
  expect(await now()).toEqual({ version: 1, name, accent: null, logo: null });
  expect((await checkout()).view).toMatchObject({ merchantName: name, accent: null, logo: null });
});

test("what is saved, customers see at once, and the dashboard's own bar too", async () => {
  const saved = await change({ name: "  Duka la <b>Asha</b> ", accent: "#ffe14d", ...fresh(PNG) });
  expect(saved.status).toBe(200);
  const { logo } = saved.body as BrandView;
  expect(saved.body).toMatchObject({ name: "Duka la <b>Asha</b>", accent: "#ffe14d" });
  const { view, page } = await checkout();
  expect(view).toMatchObject({ merchantName: "Duka la <b>Asha</b>", accent: "#ffe14d", logo });
  expect(page).not.toContain("<b>");
  const session = await send("GET", "session");
  expect(session.body.merchantName).toBe("Duka la <b>Asha</b>");
  const kept = await change({ accent: null });
  expect(kept.body).toMatchObject({ accent: null, logo });
  expect((await change({ logo: { kind: "none" } })).body.logo).toBeNull();
  expect((await served(logo ?? "")).status).toBe(404);
});

test.each([
  ["image/png", PNG],
  ["image/jpeg", JPEG],
  ["image/webp", WEBPS.lossy],
])("%s is served as what it is, for ever, and runs nothing", async (type, bytes) => {
  const { logo } = (await change(fresh(bytes))).body as BrandView;
  expect(logo).toMatch(/^\/logo\/[\w-]{22}$/);
  const answer = await served(logo ?? "");
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  const { headers } = answer;
  expect(headers.get("content-type")).toBe(type);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("set-cookie")).toBeNull();
});

describe("what is wrong", () => {
  test.each([
    ["rubbish", Buffer.from("rubbish".repeat(20)), "logo_kind"],
    ["SVG", SVG, "logo_kind"],
    ["SVG dressed as PNG", Buffer.concat([PNG.subarray(0, 33), SVG]), "logo_kind"],
    ["SVG behind a PNG", Buffer.concat([PNG, SVG]), "logo_kind"],
    ["half a JPEG", JPEG.subarray(0, 150), "logo_kind"],
    ["too long a picture", pngOf(96, 40), "logo_shape"],
    ["too small a picture", pngOf(8, 8), "logo_pixels"],
    ["a picture that unpacks to a wall", pngOf(1_100, 1_100), "logo_pixels"],
  ])("with a logo is said of %s", async (_name, bytes, code) => {
    const before = await now();
    const { status, body } = await change(fresh(bytes));
    expect([status, body.error.code, body.error.param]).toEqual([422, code, "logo"]);
    expect(await now()).toEqual(before);
  });

  test("with a file of more than 64 KB is that it is too large", async () => {
    const { status, body } = await change(fresh(pngOf(48, 48, [1, 2, 3], 66_000)));
    expect(status).toBe(422);
    expect(body.error.message).toContain("larger than 64 KB");
    expect((await change(fresh(Buffer.alloc(200_000)))).status).toBe(413);
  });

  test.each([
    ["name", { name: " " }],
    ["name", { name: "x".repeat(61) }],
    ["name", { name: "Duka\u202eakuD" }],
    ["name", { name: "Du\nka" }],
    ["name", { name: 7 }],
    ["accent", { accent: "red" }],
    ["accent", { accent: "#0A7" }],
    ["accent", { accent: "#0a7d3e;background:url(//evil.example)" }],
    ["logo.base64", { logo: { kind: "new", base64: "<svg>" } }],
    ["logo.kind", { logo: { kind: "address", base64: "https://evil.example/x.svg" } }],
    ["version", { version: "1" }],
  ])("with %s is refused by its name", async (param, part) => {
    const before = await now();
    const { status, body } = await change(part);
    expect([status, body.error.param]).toEqual([422, param]);
    expect(await now()).toEqual(before);
  });

  test("with a page that is behind the times is that somebody was quicker", async () => {
    const { version } = await now();
    expect((await change({ version, name: "First" })).status).toBe(200);
    const late = await change({ version, name: "Second" });
    expect([late.status, late.body.error.code]).toEqual([409, "stale"]);
    expect((await now()).name).toBe("First");
  });
});

test("a change is in the audit log, without the picture", async () => {
  await change({ name: "Before", accent: null, logo: { kind: "none" } });
  await change({ name: "After", accent: "#123456", ...fresh(PNG) });
  const { body } = await send("GET", "audit?action=brand_changed");
  expect(body.data[0]).toMatchObject({
    action: "brand_changed",
    details: { name: "After", before: "Before", accent: "#123456", logo: "new" },
  });
  expect(JSON.stringify(body)).not.toContain(PNG.toString("base64").slice(0, 20));
});

test("an address that names no logo is a 404, whatever it names", async () => {
  for (const path of ["x", "null", "", "..%2f..%2fpackage.json", "%00"]) {
    expect((await served(`/logo/${path}`)).status).toBe(404);
  }
});

test("the preview is framed by our own pages only and shows nothing of the house", async () => {
  const { status, headers, body } = await house.call("GET", "/dashboard/preview");
  expect(status).toBe(200);
  expect(headers.get("content-security-policy")).toMatch(/frame-ancestors 'self'$/);
  expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
  expect(body).not.toContain((await now()).name);
});
