/** What every part of a schedule shares: time, the plan, the oracle, the story so far. */
import type { Engine } from "../db/engine.ts";
import type { Seal } from "../ports.ts";
import type { Tokens } from "../tokens.ts";
import type { Mpesa } from "./mpesa.ts";
import type { Plan } from "./plan.ts";
import type { Sabotage } from "./sabotage.ts";
import type { Testimony } from "./testimony.ts";
import type { Trace } from "./trace.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { Watch } from "./watch.ts";

export interface World {
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly mpesa: Mpesa;
  readonly testimony: Testimony;
  readonly watch: Watch;
  readonly engine: Engine;
  readonly seal: Seal;
  readonly tokens: Tokens;
  readonly sabotage: Sabotage;
  /** True once faults have stopped: from then on everything works and tells the truth. */
  calm: boolean;
  /** Posts and late pushes that have not arrived yet. */
  underWay: number;
  /** Orders debited twice although nothing was done wrong: Daraja itself had called a paid prompt failed. */
  debitedTwice: number;
}
