/**
 * One life of the server: the flows, wired as in server/app.ts over wrapped ports, from the start
 * sweep to the crash.
 */
import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Phone } from "../../shared/phone.ts";
import { DEFAULT_PROMPT_LIMITS } from "../../shared/prompt-limits.ts";
import type { AttemptId, MerchantId, PaymentId } from "../core/payment.ts";
import { createLookGate } from "../daraja/look-gate.ts";
import { oneApp } from "../daraja/one-app.ts";
import { readCallbackNews } from "../daraja/wire.ts";
import { createStore } from "../db/store.ts";
import { type AdvanceDeps, advance } from "../flows/advance.ts";
import { asker } from "../flows/ask-result.ts";
import { openPayment, type PaymentWish } from "../flows/open-payment.ts";
import { owedCommits } from "../flows/owed-commits.ts";
import { promptCustomer } from "../flows/prompt-customer.ts";
import { nothingSending } from "../flows/sending.ts";
import { sweepSends } from "../flows/sweep.ts";
import { CALLBACK_PREFIX, callbackListener } from "../http/callback-routes.ts";
import { sweepLease } from "../jobs/lease.ts";
import { startWorker } from "../jobs/worker.ts";
import type { Daraja, Ids, Merchant } from "../ports.ts";
import { type CrashGate, createCrashGate, DiskFault } from "./crash-gate.ts";
import { short } from "./daraja.ts";
import { pacedClock, processClock } from "./process-clock.ts";
import { watchedLog } from "./watched-log.ts";
import type { World } from "./world.ts";

export const MERCHANT: Merchant = {
  id: "mer_simulation" as MerchantId,
  environment: "simulator",
  name: "Simulation",
  shortcode: "174379",
  allowedOrigins: [],
  pausedAt: null,
};

export interface Life {
  readonly number: number;
  readonly gate: CrashGate;
  /** True once the start sweep is over and the doors are open. */
  listening(): boolean;
  open(wish: PaymentWish): Promise<PaymentId | null>;
  prompt(id: PaymentId, phone: Phone): Promise<void>;
  cancel(id: PaymentId): Promise<void>;
  post(path: string, body: string, answered: (status: number) => void): void;
  /** The one door, for statements and reversals. */
  readonly advancing: AdvanceDeps;
}

export interface Birth {
  readonly number: number;
  /** How far the wall clock of this process stands from the true time. */
  readonly offsetMs: number;
  readonly daraja: Daraja;
  readonly ids: Ids;
  /** Processes that have ended, by their number as a name. */
  readonly ended: ReadonlySet<string>;
  readonly died: (why: string) => void;
}

/** Starts a process; it listens once its start sweep is over. */
export function startLife(world: World, birth: Birth): Life {
  const { sabotage, seal, watch, trace } = world;
  const random = world.plan.random(`life/${birth.number}`);
  const gate = createCrashGate(world, random, birth.died);
  const clock = processClock(world.time, birth.offsetMs, gate);
  const pace = pacedClock(clock, world.time, gate, watch.dueAt);
  watch.onCommit(() => pace.kick());
  const log = watchedLog(world);
  const watched = watch.over(createStore(world.engine, seal));
  const payments = sabotage.payments(gate.around("payments", watched.payments));
  const inbox = sabotage.inbox(gate.around("inbox", watched.inbox));
  const tokens = sabotage.tokens(world.tokens);
  const daraja = gate.around("daraja", sabotage.daraja(birth.daraja));
  const push = { nudge: nudgeCheck(world) };
  const advancing = { payments, clock, log, push };
  const { environment } = MERCHANT;
  const apps = oneApp({ daraja, gate: createLookGate({ clock }) });
  const ask = sabotage.ask(asker({ ...advancing, apps, environment, hold: "ends" }), advancing);
  const sending = nothingSending();
  const owed = owedCommits({ clock, log });
  const { ids } = birth;
  const read = (body: string) => sabotage.read(readCallbackNews(body));
  // Now and then a callback seems to come from an unlisted address, and where that is the fault every
  // one does: its success is then held.
  const strangers = world.plan.random(`addresses/${birth.number}`);
  const trust = (): "enough" | "second_source" =>
    strangers.chance(world.plan.faults.unlisted || 0.1)
      ? ("second_source" as const)
      : ("enough" as const);
  const taking = { ...advancing, ids, seal, inbox, environment, read, ask, sending, owed, trust };
  const callbackUrl = (id: AttemptId) => CALLBACK_PREFIX + world.tokens.callbackPath(id);
  const limitsFor = async () => DEFAULT_PROMPT_LIMITS;
  const prompting = { ...advancing, ids, seal, apps, ask, sending, owed, callbackUrl, limitsFor };
  const callbacks = callbackListener({
    ...taking,
    tokens,
    peer: () => "127.0.0.1",
    footprints: { came: () => {} },
  });
  let open = false;

  /** Runs one call at its turn; what the disk did is no fault of the flow. */
  async function call<Answer>(name: string, run: () => Promise<Answer>): Promise<Answer | null> {
    await world.time.turn();
    if (gate.dead()) return null;
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof DiskFault)) trace.broken("throws", `${name}: ${String(error)}`);
      return null;
    }
  }

  async function begin(): Promise<void> {
    await world.time.turn();
    try {
      await sweepSends(taking, "start");
    } catch (error) {
      if (!(error instanceof DiskFault)) trace.broken("throws", `the start: ${String(error)}`);
      return gate.kill("the start sweep failed");
    }
    open = true;
    trace.say(`process ${birth.number} listens`);
    const leases = gate.around("leases", watched.leases);
    const holder = `process ${birth.number}`;
    const hasEnded = (name: string) => birth.ended.has(name);
    const lease = sweepLease({ leases, clock, log, holder, hasEnded });
    const { idempotency, people } = watched;
    const own = { clock: pace.clock, idempotency, people, pull: null, lease, beside: [] };
    startWorker({ ...taking, ...own });
  }
  void begin();

  return {
    number: birth.number,
    gate,
    advancing,
    listening: () => open && !gate.dead(),
    async open(wish) {
      const opened = await call("open", () => openPayment({ ...advancing, ids }, MERCHANT, wish));
      return opened === null ? null : opened.now.payment.id;
    },
    async prompt(id, phone) {
      const done = await call("prompt", () => promptCustomer(prompting, id, phone));
      if (done?.kind === "refused")
        trace.say(`prompt of ${short(id.slice(4))} refused: ${done.why.code}`);
    },
    async cancel(id) {
      await call("cancel", () => advance(advancing, id, { type: "cancel" }));
    },
    post(path, body, answered) {
      const req = Object.assign(new EventEmitter(), {
        url: path,
        method: "POST",
        headers: {},
      });
      const res = {
        headersSent: false,
        destroyed: false,
        writeHead: (status: number) => (gate.dead() ? undefined : answered(status)),
        end: () => undefined,
      };
      callbacks(req as unknown as IncomingMessage, res as unknown as ServerResponse);
      req.emit("data", Buffer.from(body));
      req.emit("end");
    },
  };
}

/** Sockets are told of committed rows only (I18). */
function nudgeCheck({ watch, trace }: World) {
  return ({ id, version }: { id: PaymentId; version: number }) => {
    const known = watch.payments().find(({ payment }) => payment.id === id);
    if (known === undefined || known.payment.version < version) {
      trace.broken("I18", "a nudge speaks of a row that is not committed");
    }
  };
}
