/** The composition root: every room is built here by hand and handed what it needs. */
import type { AddressInfo } from "node:net";
import type { Config } from "./config.ts";
import type { UserId } from "./core/payment.ts";
import { closedGate, ensureFirstOwner } from "./flows/set-up.ts";
import { sweepSends } from "./flows/sweep.ts";
import { type Flows, flowsOf, type Overrides, openHouse } from "./house.ts";
import { loadAssets } from "./http/assets.ts";
import { draining } from "./http/draining.ts";
import { peerNetwork } from "./http/peer.ts";
import { isOwnOrigin } from "./http/same-site.ts";
import type { createHttpServer } from "./http/server.ts";
import { authenticateSession } from "./http/sessions.ts";
import { callNotes } from "./jobs/call-notes.ts";
import { sweepLease } from "./jobs/lease.ts";
import { startWorker } from "./jobs/worker.ts";
import { besideJobs } from "./jobs-beside.ts";
import { appsOf, callbackBase, latePush, reachPlainly, simulatorOf } from "./outside.ts";
import { packageRoot } from "./package-root.ts";
import type { Clock, Log, Merchant, Store } from "./ports.ts";
import { hasEnded, processName } from "./process-name.ts";
import { createSocketPush } from "./push/socket.ts";
import { httpOf } from "./routes.ts";
import type { Simulator } from "./simulator/api.ts";

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

/** Requests under way get this long to end when the server stops. */
const STOP_PATIENCE_MS = 25_000;

/** Builds and starts everything; resolves when the server listens. */
export async function startApp(
  config: Config,
  log: Log,
  overrides: Overrides = {},
): Promise<RunningApp> {
  const assets = await loadAssets(packageRoot());
  const house = await openHouse(config, log, overrides);
  const { clock, ids, store, tokens, merchant } = house;
  const gate = closedGate();
  const people = { people: store.people, clock, ids, log, gate };
  const { setUpToken } = await ensureFirstOwner(people, config.admin);
  const local = { port: config.port };
  const late = latePush();
  const said = callNotes({ story: store.story, environment: merchant.environment, ids, log });
  const apps = appsOf(house, () => local.port, said.heard);
  const simulator = simulatorOf(house, merchant, apps);
  const flows = flowsOf(house, apps, late.push, () => callbackBase(config, local.port));
  const onSessionEnded = (idHash: string) => late.current()?.cutSession(idHash);
  const onSignedOut = (userId: UserId, but: string | null) =>
    late.current()?.cutPerson(userId, but);
  const http = httpOf(house, flows, {
    assets,
    gate,
    simulator,
    onSessionEnded,
    onSignedOut,
    apps,
    reach: reachPlainly,
    callbackBase: () => callbackBase(config, local.port),
  });
  const sessions = { people: store.people, clock, publicUrl: config.publicUrl.origin, log };
  const socket = createSocketPush({
    http,
    tokens,
    isOwnOrigin: (origin) => isOwnOrigin(origin, config.publicUrl.origin),
    session: (cookie) => authenticateSession(sessions, cookie),
    sessionLives: async (idHash) =>
      (await store.people.sessionByHash(idHash, clock.now())) !== null,
    clock,
    networkOf: peerNetwork(config.trustProxy),
  });
  late.attach(socket);
  const holder = processName(ids);
  const lease = sweepLease({ leases: store.leases, clock, log, holder, hasEnded });
  // Beside another living server only sends too old to be its own are settled (machine row 6).
  const swept = await sweepSends(flows.taking, (await lease.mine()) ? "start" : "running");
  if (swept > 0) log.warn("sends_left_behind", { count: swept });
  const connections = draining(http);
  local.port = await listen(http, config);
  const worker = startWorker({
    ...flows.taking,
    pull: flows.pull,
    lease,
    idempotency: store.idempotency,
    people: store.people,
    beside: besideJobs(house),
  });
  return {
    port: local.port,
    store,
    merchant,
    simulator,
    setUpToken,
    async close() {
      const drained = connections.stop(STOP_PATIENCE_MS);
      simulator?.hangUp();
      await Promise.all([drained, worker.rest(), socket.close()]);
      await simulator?.close();
      await settled(flows.taking, clock);
      // The lease goes last: until now another process would have taken our sends for a dead one's.
      await worker.stop();
      await said.flush();
      await house.soundness.stop();
      await store.close();
    },
  };
}

async function listen(http: ReturnType<typeof createHttpServer>, config: Config): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(config.port, config.host, () => resolve());
  });
  return (http.address() as AddressInfo).port;
}

/** A push whose caller hung up, and news that met a full disk, still end in a commit. */
async function settled({ sending, owed }: Flows["taking"], clock: Clock): Promise<void> {
  const until = clock.now() + STOP_PATIENCE_MS;
  while (sending.size + owed.size > 0 && clock.now() < until) await clock.sleep(20);
  owed.stop();
}
