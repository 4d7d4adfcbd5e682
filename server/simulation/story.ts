/** What customers and merchants do in a schedule: open, click, click again, cancel, come back. */
import type { PaymentId } from "../core/payment.ts";
import type { PlannedOrder } from "./plan.ts";
import type { Random } from "./random.ts";
import type { Supervisor } from "./supervisor.ts";
import type { World } from "./world.ts";

const EXPIRES_S = 3_600;
/** Calls of one burst arrive within this time. */
const BURST_MS = 300;

/** Plans every visit of every order. */
export function tellStory(world: World, supervisor: Supervisor): void {
  const { plan, time } = world;
  plan.orders.forEach((order, index) => {
    const random = plan.random(`story/${index}`);
    const scene = sceneOf(world, supervisor, order, random);
    const start = time.now();
    const within = (last: number) => start + random.between(0, last);
    time.at(within(5_000), () => scene.open(order.amount));
    for (let visit = random.between(2, 8); visit > 0; visit -= 1) {
      const clicks = random.weighted({ 1: 5, 2: 2, 3: 1, 8: 0.5 });
      const at = within(plan.storyMs);
      for (let click = Number(clicks); click > 0; click -= 1) {
        time.at(at + random.between(0, BURST_MS), () => scene.prompt());
      }
    }
    if (random.chance(plan.faults.reopened)) {
      const at = within(plan.storyMs);
      const amount = random.chance(0.5) ? order.amount : order.amount + 1;
      for (let call = random.between(1, 3); call > 0; call -= 1) {
        time.at(at + random.between(0, BURST_MS), () => scene.open(amount));
      }
    }
    if (random.chance(plan.faults.merchantCancels)) {
      time.at(within(plan.storyMs), () => scene.cancel());
    }
  });
}

function sceneOf(world: World, supervisor: Supervisor, order: PlannedOrder, random: Random) {
  const opened: PaymentId[] = [];
  const expiresInSeconds = world.plan.faults.shortExpiry > 0 ? random.between(60, 400) : EXPIRES_S;

  async function open(amount: number): Promise<void> {
    if (world.calm) return;
    const orderReference = order.reference;
    const wish = { amount, orderReference, amountSource: "server" as const, expiresInSeconds };
    const id = await supervisor.current()?.open(wish);
    if (id !== null && id !== undefined && !opened.includes(id)) opened.push(id);
  }

  /** The newest payment mostly; now and then one of before, as a page left open would name it. */
  function some(): PaymentId | undefined {
    return random.chance(0.8) ? opened.at(-1) : opened.at(0);
  }

  return {
    open,
    async prompt(): Promise<void> {
      if (world.calm) return;
      const phone = random.pick(order.phones);
      if (opened.length === 0) await open(order.amount);
      const id = some();
      if (id !== undefined) await supervisor.current()?.prompt(id, phone);
    },
    async cancel(): Promise<void> {
      const id = some();
      if (id !== undefined) await supervisor.current()?.cancel(id);
    },
  };
}
