/**
 * Canary scan: phones, secrets and tokens that are known go through every door of the server,
 * also where they do not belong; then logs, database, WAL, a backup and everything that a browser was
 * answered or heard on a socket are looked through for them (I23). The other drills scan what they
 * themselves leave behind.
 */
import { type CheckoutHandshake, DASHBOARD_NAMESPACE } from "../../shared/push-events.ts";
import { failedBody, paidBody, receiptOf } from "./callback-body.ts";
import type { Answer } from "./caller.ts";
import { accepted, type Push, refused, type Said, startCountingDaraja } from "./counting-daraja.ts";
import { createDice, type Dice } from "./dice.ts";
import { beginTally, type Drill, type Tally } from "./drill.ts";
import { type DrillHouse, openHouse } from "./house.ts";
import { inParallel } from "./in-parallel.ts";
import { leaksIn } from "./leaks.ts";
import { listen } from "./listening.ts";

const AT_ONCE = 4;
const BYTES_A_JOURNEY = 100_000;
/** The simulator instead of a Daraja of the drill's own: every credential unset. */
const SIMULATOR = {
  MPESA_ENVIRONMENT: "",
  MPESA_BASE_URL: "",
  MPESA_CONSUMER_KEY: "",
  MPESA_CONSUMER_SECRET: "",
  MPESA_SHORTCODE: "",
  MPESA_PASSKEY: "",
  SIMULATOR_SPEED: "200",
} as const;

interface Scene {
  readonly house: DrillHouse;
  readonly tally: Tally;
  readonly mode: "sandbox" | "simulator";
  readonly pushes: Map<string, Push>;
  readonly cookie: string;
  /** What the checkouts heard on their sockets. */
  nudges: number;
}

/** The amount counts journeys; half of them in simulator mode. */
export const canaries: Drill = async (options) => {
  const tally = beginTally("canaries", options);
  const dice = createDice(options.seed);
  const half = Math.ceil(options.amount / 2);
  await inMode(tally, dice.fork(1), "sandbox", half);
  await inMode(tally, dice.fork(2), "simulator", options.amount - half);
  return tally.report();
};

async function inMode(tally: Tally, dice: Dice, mode: Scene["mode"], journeys: number) {
  const pushes = new Map<string, Push>();
  let house: DrillHouse | null = null;
  const daraja = await startCountingDaraja({
    push: (push) => {
      pushes.set(push.accountReference, push);
      return wordy(dice, push, daraja.tokens.at(-1) ?? "");
    },
  });
  try {
    await using opened = await openHouse({
      darajaAddress: daraja.address,
      tally,
      disk: "memory",
      bytesWanted: journeys * BYTES_A_JOURNEY,
      env: { LOG_LEVEL: "trace", ...(mode === "simulator" ? SIMULATOR : {}) },
    });
    house = opened;
    const cookie = await signIn(opened, tally);
    const scene: Scene = { house: opened, tally, mode, pushes, cookie, nudges: 0 };
    const headers = { Origin: opened.origin, Cookie: cookie };
    const shop = await listen(scene, "the dashboard", DASHBOARD_NAMESPACE, {
      extraHeaders: headers,
    });
    await inParallel(journeys, AT_ONCE, async (turn) => {
      await journey(scene, dice.fork(turn), turn);
      tally.done();
    });
    const heard = { dashboard: shop.close(), checkouts: scene.nudges };
    for (const [who, nudges] of Object.entries(heard)) {
      if (nudges === 0) tally.fault(`${who} heard no nudge in ${mode} mode: no frame was seen`);
    }
    for (const token of daraja.tokens) opened.canaries.secrets.set(`token ${token.length}`, token);
    await house.finish(tally);
  } finally {
    await daraja.close();
  }
}

/** Daraja's own words may repeat what was sent to it, the token included. */
function wordy(dice: Dice, push: Push, token: string): Said {
  const { phone } = push;
  switch (dice.int(5)) {
    case 0:
      return refused(400, "400.002.02", `Bad Request - Invalid PhoneNumber ${phone}`);
    case 1:
      return refused(500, "500.001.1001", `Wrong credentials for ${token} of ${phone}`);
    case 2:
      return refused(500, "500.003.02", `busy: 0${phone.slice(3, 6)} ${phone.slice(6)}, ${token}`);
    default:
      return accepted(push);
  }
}

/** A session of the owner; its cookie is one more canary. */
async function signIn(house: DrillHouse, tally: Tally): Promise<string> {
  const enter = (password: string) =>
    house.browser({
      path: "/dashboard/api/sign-in",
      body: { email: house.owner.email, password },
      headers: { Origin: house.origin },
    });
  await enter(`${house.owner.password} not`);
  const entered = await enter(house.owner.password);
  const cookies = entered.headers["set-cookie"] ?? [];
  const [cookie = ""] = String(Array.isArray(cookies) ? cookies[0] : cookies).split(";", 1);
  const secret = cookie.split("=")[1] ?? "";
  if (entered.status !== 200 || secret.length < 16) tally.fault(`sign-in: ${entered.status}`);
  house.canaries.secrets.set("session cookie", secret);
  return cookie;
}

async function journey(scene: Scene, dice: Dice, turn: number): Promise<void> {
  const { house, tally, mode, pushes } = scene;
  const phone = house.phone(turn + (mode === "sandbox" ? 0 : 1_000_000));
  const order = `C${turn.toString(36).toUpperCase().padStart(6, "0")}`;
  const opened = await house.merchant(
    "/v1/payments",
    { amount: 60, orderReference: order, phoneNumber: phone, description: "One mug" },
    { "Idempotency-Key": `open-${order}` },
  );
  const { id, checkoutToken } = opened.body ?? {};
  if (opened.status !== 201) tally.fault(`opening was answered ${opened.status}`);
  const page = await listen(scene, "the checkout", "/", {
    auth: { checkoutToken } satisfies CheckoutHandshake,
    extraHeaders: { Origin: house.origin },
  });
  await strayInputs(scene, dice, { id, checkoutToken, phone });
  await customersDoor(scene, { checkoutToken, phone, known: dice.chance(0.5) });
  const push = pushes.get(order);
  if (push !== undefined) await callbacks(scene, dice, push, turn);
  await house.merchant("/api/mpesa/stk-push", { phoneNumber: phone, amount: 60, orderId: order });
  await house.merchant(`/v1/payments/${id}/prompt`, { phoneNumber: phone });
  await house.merchant(`/v1/payments?q=${phone.slice(-4)}`);
  await house.merchant(`/v1/payments/${id}/cancel`, {});
  await ownersDoor(scene, id);
  scene.nudges += page.close();
}

/** The page and its calls; the page may hold its own token, and nothing else. */
async function customersDoor(
  { house, tally }: Scene,
  with_: { checkoutToken: string; phone: string; known: boolean },
): Promise<void> {
  const headers = { Authorization: `Bearer ${with_.checkoutToken}` };
  const body = with_.known ? {} : { phoneNumber: with_.phone };
  await house.browser({ path: "/checkout/v1/payment", headers });
  const prompted = await house.browser({ path: "/checkout/v1/prompt", body, headers });
  tally.count(`prompts answered ${prompted.status}`);
  await house.browser({ path: "/checkout/v1/payment", headers });
  await house.page(`/pay/${with_.checkoutToken}`);
}

async function ownersDoor({ house, cookie, mode }: Scene, id: string): Promise<void> {
  const headers = { Cookie: cookie };
  await house.browser({ path: "/dashboard/api/session", headers });
  await house.browser({ path: "/dashboard/api/payments?limit=50", headers });
  await house.browser({ path: `/dashboard/api/payments/${id}`, headers });
  await house.browser({ path: "/dashboard", headers });
  if (mode === "simulator") await house.browser({ path: "/simulator/handset/prompts" });
}

/** Daraja's news, with the customer's number in every place that takes words. */
async function callbacks({ house, tally }: Scene, dice: Dice, push: Push, turn: number) {
  const { phone } = push;
  const words = dice.pick([
    `${phone} cancelled`,
    `Customer 0${phone.slice(3)}`,
    `+${phone} is off`,
  ]);
  const bodies = [
    failedBody(push, dice.pick([1032, 1037, "E3008", 1]), words),
    `not JSON at all: ${phone}`,
    paidBody(push, receiptOf(turn + 1)),
    paidBody({ ...push, amount: push.amount + 1 }, receiptOf(turn + 500_000)),
  ];
  for (const body of dice.shuffled(bodies)) {
    const answer = await house.post(push.callbackUrl, body);
    if (answer.status !== 200) tally.fault(`a callback was answered ${answer.status}`);
    await house.post("/api/mpesa/callback", body);
  }
  await house.browser({ path: new URL(push.callbackUrl).pathname });
  await house.browser({ path: `/behind/a/proxy${new URL(push.callbackUrl).pathname.slice(17)}` });
}

/** Secrets where they do not belong: no answer and no log line may repeat them. */
async function strayInputs(
  { house, tally }: Scene,
  dice: Dice,
  { id, checkoutToken, phone }: { id: string; checkoutToken: string; phone: string },
): Promise<void> {
  const { keys } = house;
  const odd = dice.pick([`${phone}0`, `tel:${phone}`, `${phone}x`, keys.secretKey]);
  const text = { "Content-Type": "application/json" };
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const calls: Promise<Answer>[] = [
    house.browser({ path: `/nowhere/${phone}` }),
    house.browser({ path: `/nowhere/${keys.secretKey}?key=${keys.secretKey}` }),
    house.browser({ path: `/v1/payments/${checkoutToken}`, headers: bearer(keys.publishableKey) }),
    house.browser({ path: `/v1/payments/${id}`, headers: bearer(checkoutToken) }),
    house.browser({ path: "/v1/payments", headers: bearer(`${keys.secretKey}x`) }),
    house.browser({ path: "/checkout/v1/payment", headers: bearer(keys.secretKey) }),
    house.browser({ path: `/pay/${checkoutToken}x` }),
    house.browser({
      path: "/checkout/v1/prompt",
      body: { phoneNumber: odd },
      headers: bearer(checkoutToken),
    }),
    house.browser({ path: "/v1/payments", body: `{"phoneNumber":"${phone}",`, headers: text }),
    house.browser({
      path: "/api/mpesa/stk-push",
      body: { phoneNumber: odd, amount: "many", orderId: phone, [keys.secretKey]: phone },
      headers: bearer(keys.secretKey),
    }),
    house.browser({
      path: "/dashboard/api/sign-in",
      body: { email: `${phone}@x.co.ke`, password: keys.webhookSecret, extra: phone },
      headers: { Origin: house.origin },
    }),
    house.browser({ path: `/healthz?phone=${phone}` }),
    house.browser({ path: `/lipia.js?token=${checkoutToken}` }),
  ];
  for (const answer of await Promise.all(calls)) {
    if (answer.status >= 500 || answer.status === 0) {
      tally.fault(`a stray input was answered ${answer.status}`);
    }
    const headers = JSON.stringify({ ...answer.headers, "set-cookie": undefined });
    for (const leak of leaksIn(headers, house.canaries)) tally.fault(`canary in a header: ${leak}`);
  }
}
