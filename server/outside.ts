/** What stands outside: Daraja or its simulator, and the browsers that are nudged. */
import type { Config } from "./config.ts";
import { exchange } from "./daraja/http.ts";
import { darajaApps, type HouseApps } from "./daraja-apps.ts";
import type { Reached } from "./flows/walk-out.ts";
import type { House } from "./house.ts";
import type { DarajaCall, Log, Merchant, Push } from "./ports.ts";
import type { SocketPush } from "./push/socket.ts";
import { createSimulator, type Simulator } from "./simulator/api.ts";
import { DEMO_MERCHANT } from "./simulator/demo.ts";

/** A token is waited for this long, so that most of the 20 s of contract §4 is the push's own. */
const TIMEOUTS = { oauthMs: 6_000 };
/** A person waits for this one. */
const REACH_TIMEOUTS = { connectMs: 5_000, wholeMs: 8_000 };

interface Outside {
  readonly config: Config;
  readonly log: Log;
}

/** The simulator, in simulator mode. It knows the shortcodes of the merchants that `apps` has met. */
export function simulatorOf(
  { config, log }: Outside,
  merchant: Merchant,
  apps: Pick<HouseApps, "simulated">,
): Simulator | null {
  if (config.mpesa.kind !== "simulator") return null;
  const merchants = [{ ...DEMO_MERCHANT, name: merchant.name }];
  const findMerchant = apps.simulated;
  return createSimulator({ speed: config.mpesa.speed, log, merchants, findMerchant });
}

/**
 * The Daraja of every merchant; in simulator mode this very server, reached over a real connection.
 * @param heard told of each push and query.
 */
export function appsOf(
  house: House,
  port: () => number,
  heard: (call: DarajaCall) => void,
): HouseApps {
  const { config } = house;
  const simulator = () => `${localAddress(config, port())}/simulator`;
  const { merchants } = house.store;
  return darajaApps({ ...house, merchants, heard, simulator, timeouts: TIMEOUTS });
}

function localAddress(config: Config, port: number): string {
  const everywhere = config.host === "0.0.0.0" || config.host === "::";
  const host = everywhere ? "127.0.0.1" : config.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Where Daraja posts results: the configured base, or this very server for the simulator. */
export function callbackBase(config: Config, port: number): string {
  return config.callbackBase ?? `${localAddress(config, port)}/daraja/callbacks`;
}

/** Posts to an address of our own as Daraja would: no redirects, certificates checked. */
export async function reachPlainly(url: URL): Promise<Reached> {
  return exchange({
    method: "POST",
    url,
    headers: { "Content-Type": "application/json" },
    body: "{}",
    connectTimeoutMs: REACH_TIMEOUTS.connectMs,
    deadline: AbortSignal.timeout(REACH_TIMEOUTS.wholeMs),
  });
}

/** Flows nudge from the first moment; sockets exist once the HTTP server does. */
export function latePush() {
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
