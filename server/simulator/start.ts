/**
 * The simulator as a server of its own, at the root (so that only the host in another client's
 * configuration changes) and at /simulator.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { Log } from "../ports.ts";
import { createSimulator, type Simulator } from "./api.ts";
import { DEMO_MERCHANT, SANDBOX_MERCHANT } from "./demo.ts";
import { builtPages, handsetShell } from "./handset-shell.ts";

export interface AloneOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host?: string;
  /** Divides every delay; 1 when left out. */
  readonly speed?: number;
  /** Besides the demo and sandbox merchants, any shortcode with this passkey is served. */
  readonly passkey?: string;
  /** Requests a minute before queries are answered 429; 0 for no limit. */
  readonly queryRatePerMinute?: number;
  /** Folder of the built pages, for the handset; the package's own when left out. */
  readonly pages?: string;
  /** Silent when left out. */
  readonly log?: Log;
}

export interface RunningSimulator {
  /** For example http://127.0.0.1:4200, without a final slash. */
  readonly address: string;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Starts to listen. Rejects when the port is taken; throws on a speed that is not above 0. */
export async function startSimulator(options: AloneOptions): Promise<RunningSimulator> {
  const passkey = options.passkey ?? SANDBOX_MERCHANT.passkey;
  const simulator = createSimulator({
    speed: options.speed ?? 1,
    log: options.log ?? silent,
    merchants: [DEMO_MERCHANT, { ...SANDBOX_MERCHANT, passkey }],
    findMerchant: (shortcode) => ({ shortcode, passkey, name: `Shop ${shortcode}` }),
    queryRatePerMinute: options.queryRatePerMinute,
  });
  const app = express();
  app.disable("x-powered-by");
  app.use("/simulator", simulator.handler);
  app.use(handsetShell(options.pages ?? builtPages()));
  app.use(simulator.handler);
  const server = createServer(app);
  server.listen(options.port, options.host ?? "127.0.0.1");
  await once(server, "listening");
  return { address: addressOf(server), simulator, close: () => stop(server, simulator) };
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

async function stop(server: Server, simulator: Simulator): Promise<void> {
  await simulator.close();
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
