/** What the three Daraja calls share. */
import type { Clock, Log } from "../ports.ts";
import type { SimulatedApp } from "./demo.ts";
import { type FindMerchant, passwordFits, type Tokens } from "./doors.ts";
import type { Dice } from "./ids.ts";
import type { WritableLedger } from "./ledger.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";
import type { Signed } from "./requests.ts";
import type { SpikeArrest } from "./spike-arrest.ts";
import type { Stage } from "./stage.ts";

export interface DarajaParts {
  readonly app: SimulatedApp;
  readonly findMerchant: FindMerchant;
  readonly tokens: Tokens;
  readonly ledger: WritableLedger;
  readonly stage: Stage;
  readonly queries: SpikeArrest;
  readonly clock: Clock;
  readonly speed: number;
  readonly dice: Dice;
  readonly log: Log;
}

/** Checks shortcode and Password, after the fields were found well-formed; null admits. */
export function checkSigned(parts: DarajaParts, signed: Signed): Refusal | null {
  const merchant = parts.findMerchant(signed.shortcode);
  if (merchant === null) return REFUSALS.merchant;
  const fits = passwordFits(merchant, signed.timestamp, signed.password);
  return fits ? null : REFUSALS.credentials;
}
