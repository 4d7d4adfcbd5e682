/**
 * A Daraja that runs here (contract §9). Mount `handler` at `/simulator`, or alone at the root;
 * it must come before other body parsers.
 */
import { Router } from "express";
import type { Clock, Log } from "../ports.ts";
import { systemClock } from "./clock.ts";
import { darajaRouter } from "./daraja-api.ts";
import { DEMO_APP, DEMO_MERCHANT, type SimulatedApp, type SimulatedMerchant } from "./demo.ts";
import { createTokens } from "./doors.ts";
import { handsetRouter } from "./handset-api.ts";
import { createDesk, type Desk } from "./handset-desk.ts";
import { cryptoDice, type Dice } from "./ids.ts";
import { createLedger, type Ledger, type Prompt } from "./ledger.ts";
import { createSpikeArrest } from "./spike-arrest.ts";
import { createStage } from "./stage.ts";

export interface SimulatorOptions {
  /** Divides every delay; must be above 0. SIMULATOR_SPEED. */
  readonly speed: number;
  readonly log: Log;
  readonly clock?: Clock;
  /** Consumer key and secret that OAuth accepts; the demo pair when left out. */
  readonly app?: SimulatedApp;
  /** Shortcodes with passkey and name; the demo merchant when left out. */
  readonly merchants?: readonly SimulatedMerchant[];
  /** Asked for a shortcode that is not in `merchants`; null is "Merchant does not exist". */
  readonly findMerchant?: (shortcode: string) => SimulatedMerchant | null;
  /** The sandbox's 429 on queries, requests a minute; 0 (no limit) when left out. */
  readonly queryRatePerMinute?: number;
  /** Randomness of ids and receipts; a seeded one makes runs repeatable. */
  readonly dice?: Dice;
}

export interface Simulator {
  readonly handler: Router;
  /** What really happened: the oracle of tests. */
  readonly ledger: Ledger;
  /** Makes every access token invalid at once. */
  revokeTokens(): void;
  /** Changes the query limit while running; 0 switches it off. */
  limitQueries(perMinute: number): void;
  /** Ends the handset's streams for good; open ones would hold a stopping server for long. */
  hangUp(): void;
  /** Stops every plan, drops callbacks under way and ends the handset's streams. */
  close(): Promise<void>;
}

/** Builds a simulator; nothing runs until it is called. Throws on a speed that is not above 0. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { speed, log } = options;
  if (!(Number.isFinite(speed) && speed > 0)) throw new RangeError("speed must be above 0");
  const clock = options.clock ?? systemClock;
  const dice = options.dice ?? cryptoDice;
  const ledger = createLedger();
  const tokens = createTokens(clock, dice);
  const queries = createSpikeArrest(clock, options.queryRatePerMinute ?? 0);
  let desk: Desk | null = null;
  const changed = (prompt: Prompt) => desk?.note(prompt);
  const stage = createStage({ ledger, clock, speed, log, dice, changed });
  desk = createDesk(clock, stage.running);
  const handset = desk;

  const handler = Router();
  handler.use("/handset", handsetRouter(handset, stage));
  handler.use(
    darajaRouter({
      app: options.app ?? DEMO_APP,
      findMerchant: merchantFinder(options),
      ...{ tokens, ledger, stage, queries, clock, speed, dice, log },
    }),
  );
  return {
    handler,
    ledger,
    revokeTokens: () => tokens.revokeAll(),
    limitQueries: (perMinute) => queries.set(perMinute),
    hangUp: () => handset.close(),
    async close() {
      handset.close();
      await stage.close();
    },
  };
}

function merchantFinder(options: SimulatorOptions) {
  const known = options.merchants ?? [DEMO_MERCHANT];
  return (shortcode: string): SimulatedMerchant | null =>
    known.find((merchant) => merchant.shortcode === shortcode) ??
    options.findMerchant?.(shortcode) ??
    null;
}
