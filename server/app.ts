/** The composition root: every room is built here by hand and handed what it needs. */
import type { AddressInfo } from "node:net";
import type { Phone } from "../shared/phone.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { AttemptId, PaymentId } from "./core/payment.ts";
import { createDaraja } from "./daraja/client.ts";
import { createLookGate } from "./daraja/look-gate.ts";
import { readCallbackNews } from "./daraja/wire.ts";
import { createSeal } from "./db/seal.ts";
import { openSqlite } from "./db/sqlite.ts";
import { createStore } from "./db/store.ts";
import { demoRoutes } from "./demo/routes.ts";
import { asker } from "./flows/ask-result.ts";
import { openPayment } from "./flows/open-payment.ts";
import { promptCustomer } from "./flows/prompt-customer.ts";
import { closedGate, ensureFirstOwner } from "./flows/set-up.ts";
import { sweepSends } from "./flows/sweep.ts";
import { loadAssets } from "./http/assets.ts";
import { callbackListener } from "./http/callback-routes.ts";
import { checkoutRoutes } from "./http/checkout-routes.ts";
import { dashboardRoutes } from "./http/dashboard-routes.ts";
import { merchantRoutes } from "./http/merchant-routes.ts";
import { pageRoutes } from "./http/pages.ts";
import { createPresenter } from "./http/present.ts";
import { isOwnOrigin } from "./http/same-site.ts";
import { createHttpServer } from "./http/server.ts";
import { authenticateSession } from "./http/sessions.ts";
import { stkPushRoute } from "./http/stk-push-route.ts";
import { systemIds } from "./ids.ts";
import { startWorker } from "./jobs/worker.ts";
import { defaultMerchant } from "./merchant.ts";
import { packageRoot } from "./package-root.ts";
import type { Clock, Daraja, Ids, Log, Merchant, Push, Store } from "./ports.ts";
import { createSocketPush, type SocketPush } from "./push/socket.ts";
import { createSimulator, type Simulator } from "./simulator/api.ts";
import { DEMO_APP, DEMO_MERCHANT } from "./simulator/demo.ts";
import { testScenario } from "./simulator/scenarios.ts";
import { createTokens, type Tokens } from "./tokens.ts";

export interface Overrides {
  readonly clock?: Clock;
  readonly ids?: Ids;
}

export interface RunningApp {
  readonly port: number;
  readonly store: Store;
  readonly merchant: Merchant;
  /** The simulator, in simulator mode. */
  readonly simulator: Simulator | null;
  /** The token of the set-up link, while nobody can sign in yet. */
  readonly setUpToken: string | null;
  /** Stops taking requests, lets those under way end, closes the store. */
  close(): Promise<void>;
}

/** Within these a token and a push together answer in the 20 s of contract §4. */
const TIMEOUTS = { oauthMs: 6_000, pushMs: 14_000 };
/** Requests under way get this long to end when the server stops. */
const STOP_PATIENCE_MS = 25_000;

/** What every flow and route shares. */
interface House {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly store: Store;
  readonly tokens: Tokens;
  readonly merchant: Merchant;
}

/** Builds and starts everything; resolves when the server listens. */
export async function startApp(
  config: Config,
  log: Log,
  overrides: Overrides = {},
): Promise<RunningApp> {
  const clock = overrides.clock ?? systemClock();
  const ids = overrides.ids ?? systemIds();
  const seal = createSeal(config.secret);
  const assets = await loadAssets(packageRoot());
  const store = createStore(await openSqlite(config.databasePath), seal);
  const tokens = createTokens(config.secret);
  const merchant = await store.merchants.ensureDefault(defaultMerchant(config));
  const house: House = { config, clock, ids, log, store, tokens, merchant };
  const gate = closedGate();
  const people = { people: store.people, clock, ids, log, gate };
  const { setUpToken } = await ensureFirstOwner(people, config.admin);
  const simulator = simulatorOf(house);
  const local = { port: config.port };
  const daraja = lateDaraja(() => darajaOf(house, local.port));
  const late = latePush();
  const { push } = late;

  const advancing = { payments: store.payments, clock, log, push };
  const ask = asker({ ...advancing, daraja, gate: createLookGate({ clock }) });
  const sending = new Set<AttemptId>();
  const environment = merchant.environment;
  const taking = {
    ...advancing,
    ids,
    seal,
    inbox: store.inbox,
    environment,
    read: readCallbackNews,
    ask,
    sending,
  };
  const prompting = {
    ...advancing,
    ids,
    seal,
    daraja,
    ask,
    sending,
    callbackUrl: (id: AttemptId) =>
      `${callbackBase(config, local.port)}/${tokens.callbackPath(id)}`,
    limitsFor: (phone: Phone) =>
      config.limits === "test_phones_exempt" && testScenario(phone) !== null
        ? ("exempt" as const)
        : ("enforced" as const),
  };
  const prompt = (id: PaymentId, phone: Phone) => promptCustomer(prompting, id, phone);
  const present = createPresenter({ tokens, publicUrl: config.publicUrl, clock });
  const opening = { ...advancing, ids };
  const merchantDeps = {
    ...opening,
    idempotency: store.idempotency,
    seal,
    startedAt: clock.now(),
    merchants: store.merchants,
    environment,
    present,
    prompt,
  };
  const sessions = { people: store.people, clock, publicUrl: config.publicUrl.origin };
  const pages = {
    assets,
    tokens,
    payments: store.payments,
    merchants: store.merchants,
    present,
    clock,
  };
  const http = createHttpServer({
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    callbacks: callbackListener({ ...taking, tokens }),
    assets,
    store,
    clock,
    ids,
    log,
    early: [
      ...(simulator === null ? [] : [["/simulator", simulator.handler] as const]),
      [
        "/",
        dashboardRoutes({
          ...sessions,
          ids,
          log,
          gate,
          merchantName: merchant.name,
          environment,
          payments: store.payments,
          merchantId: merchant.id,
          view: present.forDashboard,
          onSessionEnded: (idHash) => late.current()?.cutSession(idHash),
        }),
      ] as const,
    ],
    routers: [
      merchantRoutes(merchantDeps),
      stkPushRoute(merchantDeps),
      checkoutRoutes({
        tokens,
        payments: store.payments,
        merchants: store.merchants,
        present,
        clock,
        environment,
        prompt,
      }),
      pageRoutes({ ...pages, publicUrl: config.publicUrl, environment }),
      ...(simulator === null ? [] : [demoShop(house, opening, assets.entry("pages", "demo"))]),
    ],
  });
  const socket = createSocketPush({
    http,
    tokens,
    merchantId: merchant.id,
    isOwnOrigin: (origin) => isOwnOrigin(origin, config.publicUrl.origin),
    session: (cookie) => authenticateSession(sessions, cookie),
  });
  late.attach(socket);
  const swept = await sweepSends(taking, "start");
  if (swept > 0) log.warn("sends_left_behind", { count: swept });
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(config.port, config.host, () => resolve());
  });
  local.port = (http.address() as AddressInfo).port;
  const worker = startWorker({ ...taking, idempotency: store.idempotency, people: store.people });

  return {
    port: local.port,
    store,
    merchant,
    simulator,
    setUpToken,
    async close() {
      await worker.stop();
      await socket.close();
      simulator?.hangUp();
      await stopHttp(http);
      await simulator?.close();
      await settled(sending, clock);
      await store.close();
    },
  };
}

function simulatorOf({ config, log, merchant }: House): Simulator | null {
  if (config.mpesa.kind !== "simulator") return null;
  const merchants = [{ ...DEMO_MERCHANT, name: merchant.name }];
  return createSimulator({ speed: config.mpesa.speed, log, merchants });
}

/** In simulator mode Daraja is this very server, reached over a real connection. */
function darajaOf({ config, clock, log }: House, port: number): Daraja {
  const { mpesa } = config;
  const shared = { clock, log, timeouts: TIMEOUTS };
  switch (mpesa.kind) {
    case "simulator":
      return createDaraja({
        ...shared,
        ...DEMO_APP,
        baseUrl: `${localAddress(config, port)}/simulator`,
        shortcode: DEMO_MERCHANT.shortcode,
        passkey: DEMO_MERCHANT.passkey,
        transactionType: "CustomerPayBillOnline",
        partyB: DEMO_MERCHANT.shortcode,
      });
    case "daraja":
      return createDaraja({ ...shared, ...mpesa });
  }
}

function localAddress(config: Config, port: number): string {
  const everywhere = config.host === "0.0.0.0" || config.host === "::";
  const host = everywhere ? "127.0.0.1" : config.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function callbackBase(config: Config, port: number): string {
  return config.callbackBase ?? `${localAddress(config, port)}/daraja/callbacks`;
}

/** The client is made at its first use, when the port is known. */
function lateDaraja(make: () => Daraja): Daraja {
  let made: Daraja | null = null;
  const client = () => {
    made ??= make();
    return made;
  };
  return {
    ready: () => client().ready(),
    push: (order) => client().push(order),
    query: (id) => client().query(id),
  };
}

/** Flows nudge from the first moment; sockets exist once the HTTP server does. */
function latePush() {
  let socket: SocketPush | null = null;
  const push: Push = { nudge: (payment) => socket?.nudge(payment) };
  return {
    push,
    attach: (made: SocketPush) => {
      socket = made;
    },
    current: () => socket,
  };
}

function demoShop(
  { merchant, tokens }: House,
  deps: Parameters<typeof openPayment>[0],
  assets: { readonly script: string; readonly styles: readonly string[] },
) {
  return demoRoutes({
    assets,
    openPayment: async ({ amount, orderReference, description }) => {
      const wish = { amount, orderReference, description, amountSource: "server" as const };
      const opened = await openPayment(deps, merchant, { ...wish, expiresInSeconds: 3_600 });
      return { checkoutToken: tokens.checkoutToken(opened.now.payment.id) };
    },
  });
}

async function stopHttp(http: ReturnType<typeof createHttpServer>): Promise<void> {
  const ended = new Promise<void>((resolve) => http.close(() => resolve()));
  http.closeIdleConnections();
  const timer = setTimeout(() => http.closeAllConnections(), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}

/** A push whose caller hung up still ends in a commit. */
async function settled(sending: ReadonlySet<AttemptId>, clock: Clock): Promise<void> {
  const until = clock.now() + STOP_PATIENCE_MS;
  while (sending.size > 0 && clock.now() < until) await clock.sleep(20);
}
