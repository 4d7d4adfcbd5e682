/**
 * Mutated answers of Daraja to token, push and query, through the real client, the real flows and
 * the real store, on a clock moved by hand: never paid without success evidence, never failed on
 * an answer that cannot be read, never a second push but after a token refusal.
 */
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parsePhone } from "../../shared/phone.ts";
import { readConfig } from "../config.ts";
import type { Attempt, AttemptId, PaymentId } from "../core/payment.ts";
import { createDaraja } from "../daraja/client.ts";
import { createLookGate } from "../daraja/look-gate.ts";
import { oneApp } from "../daraja/one-app.ts";
import { openPayment } from "../flows/open-payment.ts";
import { flowsOf, type House, openHouse } from "../house.ts";
import { createLog } from "../log.ts";
import type { Clock, Log } from "../ports.ts";
import { answerTo, type CallKind, type OddAnswer } from "./answer-grammar.ts";
import { accepts, proofOf, refusesPush, refusesToken } from "./answer-oracle.ts";
import { DRILL_APP } from "./canary-secrets.ts";
import { createDice, type Dice } from "./dice.ts";
import { beginTally, type Drill, type Tally } from "./drill.ts";
import { BACKUP, drillEnv, drillNumber } from "./house.ts";
import { inParallel } from "./in-parallel.ts";
import { type Canaries, scanFolder } from "./leaks.ts";
import { type OddDaraja, startOddDaraja } from "./odd-daraja.ts";
import { backUp } from "./server-process.ts";
import { makeWorkplace } from "./workplace.ts";

/** Cases side by side; most of their time they wait for answers that never come. */
const AT_ONCE = 72;
const LOOKS_EACH = 6;
/** Beyond the spacing of two looks (15 s) and a refill of the bucket. */
const BETWEEN_LOOKS_MS = 21_000;
/** Beyond an open breaker and the rate that a 429 names. */
const LONG_PAUSE_MS = 700_000;
const TIMEOUTS = { connectMs: 6_000, oauthMs: 6_000, pushMs: 6_000, queryMs: 6_000 };
const BYTES_AN_ANSWER = 6_000;

interface Given {
  readonly call: CallKind;
  readonly answer: OddAnswer;
  /** The id that a query asked about. */
  readonly asked: string;
}

interface Case {
  readonly turn: number;
  readonly dice: Dice;
  readonly given: Given[];
}

interface Scene {
  readonly tally: Tally;
  readonly house: House;
  readonly daraja: OddDaraja;
  readonly cases: Map<number, Case>;
  readonly canaries: Canaries;
  readonly clock: Clock & { forward(ms: number): void };
  readonly log: Log;
}

/** The amount counts answers. */
export const oddAnswers: Drill = async (options) => {
  const tally = beginTally("odd-answers", options);
  const dice = createDice(options.seed);
  const folder = makeWorkplace("memory", options.amount * BYTES_AN_ANSWER);
  const cases = new Map<number, Case>();
  let answered = 0;
  const daraja = await startOddDaraja((turn, call, body) => {
    const found = cases.get(turn);
    if (found === undefined) throw new Error(`nobody plays the case ${turn}`);
    answered += 1;
    tally.done();
    return giveAnswer(found, call, body);
  });
  const config = readConfig(drillEnv(folder, 1, daraja.addressOf(0)));
  const log = createLog(config.logLevel, {
    write: (line) => appendFileSync(join(folder, "server.log"), line),
  });
  const clock = movedClock();
  const house = await openHouse(config, log, { clock });
  const canaries: Canaries = {
    phones: new Set(),
    secrets: new Map(Object.entries(DRILL_APP).filter(([name]) => name !== "shortcode")),
  };
  const scene: Scene = { tally, house, daraja, cases, canaries, clock, log };
  try {
    await inParallel(AT_ONCE, AT_ONCE, async (lane) => {
      for (let turn = lane; answered < options.amount; turn += AT_ONCE) {
        await playCase(scene, dice.fork(turn), turn);
      }
    });
    if (daraja.followed() > 0) tally.fault(`${daraja.followed()} redirects were followed`);
    await backUp(drillEnv(folder, 1, daraja.addressOf(0)), join(folder, BACKUP));
    return tally.report();
  } finally {
    await house.store.close();
    for (const leak of scanFolder(folder, canaries).leaks) tally.fault(`canary found in ${leak}`);
    rmSync(folder, { recursive: true, force: true });
    await daraja.close();
  }
};

/** Time stands still but for what a case moves it; cases that run beside it only see it go on. */
function movedClock(): Scene["clock"] {
  let at = Date.now();
  return {
    now: () => at,
    elapsed: () => at,
    sleep: async () => undefined,
    forward(ms) {
      at += ms;
    },
  };
}

function giveAnswer({ turn, dice, given }: Case, call: CallKind, body: string): OddAnswer {
  const asked = call === "query" ? String(JSON.parse(body).CheckoutRequestID) : "";
  const id = call === "query" ? asked : `ws_CO_1011202612${String(turn).padStart(9, "0")}7`;
  const answer = answerTo(dice, call, id);
  given.push({ call, answer, asked });
  return answer;
}

async function playCase(scene: Scene, dice: Dice, turn: number): Promise<void> {
  const { house, daraja, cases, clock, log, tally, canaries } = scene;
  const mine: Case = { turn, dice, given: [] };
  cases.set(turn, mine);
  const client = createDaraja({
    ...DRILL_APP,
    baseUrl: daraja.addressOf(turn),
    transactionType: "CustomerPayBillOnline",
    partyB: DRILL_APP.shortcode,
    clock,
    log,
    timeouts: TIMEOUTS,
  });
  const push = { nudge: () => undefined };
  const app = { daraja: client, gate: createLookGate({ clock }) };
  const flows = flowsOf(house, oneApp(app), push, () => "http://127.0.0.1:1/daraja/callbacks");
  const opened = await openPayment(flows.opening, house.merchant, {
    amount: 30,
    amountSource: "server",
    orderReference: `O${turn}`,
    expiresInSeconds: 2_592_000,
  });
  const { id } = opened.now.payment;
  const phone = parsePhone(drillNumber(turn, canaries));
  if (phone === null) throw new Error("a made-up phone number was not one");
  const prompted = await flows.prompt(id, phone);
  if (prompted.kind !== "prompted") {
    tally.fault(`case ${turn}: a first prompt was ${prompted.kind}`);
    return;
  }
  judgePush(scene, mine, await attemptOf(house, id, prompted.attemptId));
  for (let look = 0; look < LOOKS_EACH; look += 1) {
    clock.forward(dice.chance(0.1) ? LONG_PAUSE_MS : BETWEEN_LOOKS_MS);
    await flows.taking.ask(prompted.attemptId, "repeat");
    const attempt = await attemptOf(house, id, prompted.attemptId);
    judgeLook(scene, mine, attempt);
    if (attempt.state !== "pending" && attempt.state !== "in_doubt") break;
    if (attempt.checkoutRequestId === null) break;
  }
  cases.delete(turn);
}

async function attemptOf(house: House, id: PaymentId, attemptId: AttemptId): Promise<Attempt> {
  const rows = await house.store.payments.load(id);
  const attempt = rows?.attempts.find((candidate) => candidate.id === attemptId);
  if (attempt === undefined) throw new Error("an attempt vanished");
  return attempt;
}

function judgePush({ tally }: Scene, { turn, given }: Case, { state, reason }: Attempt): void {
  const pushes = given.filter(({ call }) => call === "push").map(({ answer }) => answer);
  const last = pushes.at(-1);
  const tell = (what: string) => tally.fault(`case ${turn}: ${what}; ${told(last)}`);
  tally.count(`after the push ${state}`);
  const first = pushes[0];
  if (pushes.length > 2 || (pushes.length === 2 && first !== undefined && !refusesToken(first))) {
    tell(`${pushes.length} pushes for one attempt`);
  }
  switch (state) {
    case "pending":
      if (last === undefined || !accepts(last)) tell("accepted without being told so");
      return;
    case "failed":
      if (last !== undefined && !refusesPush(last)) tell(`failed (${reason}) unread`);
      return;
    case "in_doubt":
      if (last === undefined) tell("in doubt without a push");
      return;
    default:
      tell(`a push made it ${state}`);
  }
}

/** Paid and failed each want their proof among all that was said so far. */
function judgeLook({ tally }: Scene, { turn, given }: Case, { state }: Attempt): void {
  const queries = given.filter(({ call }) => call === "query");
  const proofs = queries.map(({ answer, asked }) => proofOf(answer, asked));
  const last = proofs.at(-1);
  const tell = (what: string) =>
    tally.fault(`case ${turn}: ${what}; ${told(queries.at(-1)?.answer)}`);
  tally.count(`after a look ${state}`);
  const paid = proofs.some(({ kind }) => kind === "paid");
  if (state === "confirmed" && !paid) tell("PAID without success evidence");
  if (state !== "confirmed" && last?.kind === "paid") tell("success evidence was not believed");
  if (state === "failed" && queries.length > 0) {
    const codes = proofs.flatMap((proof) => (proof.kind === "failed" ? [proof.code] : []));
    const agreed = codes.some((code, at) => codes.indexOf(code) < at);
    if (!agreed) tell("failed without two agreeing answers");
  }
}

function told(answer: OddAnswer | undefined): string {
  if (answer === undefined) return "nothing was said";
  const { status, transport, body } = answer;
  return `HTTP ${status} ${transport} ${body.toString("utf8", 0, 400)}`;
}
