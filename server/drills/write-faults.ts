/**
 * The n-th write or fsync of the database fails, or the disk is full, while prompts and callbacks
 * come in: no false 200 (a callback that is not kept is answered 503), no false paid, no push
 * without its row; and when the disk is well again the server goes on, without a restart where
 * that is possible.
 */
import { rmSync } from "node:fs";
import { startCountingDaraja } from "./counting-daraja.ts";
import { createDice, type Dice } from "./dice.ts";
import { beginTrial } from "./disk-trial.ts";
import { beginTally, type Drill, type Tally } from "./drill.ts";
import { fullDisk } from "./full-disk.ts";
import { openHouse } from "./house.ts";
import { EIO, ENOSPC, type Fault, type Interposer, makeInterposer } from "./interposer.ts";
import { stageUntilFelt } from "./staging.ts";
import { makeWorkplace } from "./workplace.ts";

/** Customers who prompt and pay while one fault is staged. */
const CUSTOMERS = 4;
const WRITES_BEFORE_MAX = 80;
const FSYNCS_BEFORE_MAX = 16;
/** Longer than a fault is staged. */
const LASTING = 1_000_000;
const BYTES_WANTED = 1024 * 1024;

/** The amount counts staged faults that took hold; a third of them are a full disk by `max_page_count`. */
export const writeFaults: Drill = async (options) => {
  const tally = beginTally("write-faults", options);
  const dice = createDice(options.seed);
  const workplace = makeWorkplace("memory", BYTES_WANTED);
  try {
    const interposer = makeInterposer(workplace);
    if (typeof interposer === "string") {
      tally.notRun(`the n-th write and fsync: ${interposer}; a full disk instead`);
      await fullDisk(tally, dice, options.amount);
      return tally.report();
    }
    const full = Math.floor(options.amount / 3);
    await fullDisk(tally, dice.fork(1), full);
    await failingDisk(tally, dice.fork(2), options.amount - full, interposer);
    interposer.close();
    return tally.report();
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
};

function drawFault(dice: Dice): Fault {
  const kind = dice.pick(["writes", "writes", "fsyncs", "fsyncs", "tornWrites"] as const);
  return {
    kind,
    after: dice.int(kind === "fsyncs" ? FSYNCS_BEFORE_MAX : WRITES_BEFORE_MAX),
    times: dice.chance(0.3) ? LASTING : 1 + dice.int(4),
    error: kind === "fsyncs" || dice.chance(0.5) ? EIO : ENOSPC,
  };
}

async function failingDisk(
  tally: Tally,
  dice: Dice,
  times: number,
  interposer: Interposer,
): Promise<void> {
  const trial = beginTrial(tally, dice.fork(0), "W");
  const daraja = await startCountingDaraja({ push: trial.takePush });
  try {
    const { env } = interposer;
    await using house = await openHouse({
      darajaAddress: daraja.address,
      tally,
      disk: "real",
      env,
    });
    await stageUntilFelt(tally, times, async () => {
      const fault = drawFault(dice);
      interposer.arm(fault);
      await trial.rush(house, CUSTOMERS);
      const hits = interposer.disarm();
      if (hits > 0) tally.count(`hit by failing ${fault.kind}`);
      if (house.server().hasEnded()) {
        tally.fault(`the server ended at failing ${fault.kind} after ${fault.after}`);
        await house.restart();
      } else if (!(await trial.recovers(house))) {
        tally.count("needed a restart");
        await house.restart();
        if (!(await trial.recovers(house))) tally.fault("no recovery, even by a restart");
      }
      trial.check(house);
      await trial.sendAgain(house);
      return hits > 0 ? "felt" : "not felt";
    });
    await trial.settle(house);
    trial.check(house);
    await house.finish(tally);
  } finally {
    await daraja.close();
  }
}
