/**
 * A soft signal against somebody who prompts many phones from one place (machine §8): so many
 * prompts in ten minutes that ended unpaid. It is generous and forgets by itself, since the
 * customers of a carrier share its addresses: what was paid, or is being asked, is no harm. It lives
 * in memory; the limits that protect a phone live in the database.
 */
import { isBlocking } from "../../shared/payment-view.ts";
import type { PaymentId } from "../core/payment.ts";
import type { Clock, Log, PaymentStore } from "../ports.ts";

/** Prompts of one network in ten minutes that ended without money. */
export const UNPAID_MAX = 300;
/** The same with those whose end is not known yet: it bounds what is remembered. */
export const REMEMBERED_MAX = 5 * UNPAID_MAX;
const WINDOW_MS = 600_000;
/** How each prompt ended is looked up at most this often; it costs a read for each. */
const RECOUNT_EVERY_MS = 5_000;
/** Networks remembered; beyond that the one quiet for longest is forgotten. */
const NETWORKS_MAX = 10_000;

interface Prompt {
  readonly id: PaymentId;
  readonly at: number;
  unpaid: boolean;
}

interface Network {
  prompts: Prompt[];
  recountedAt: number;
}

export type PromptAdmission =
  | {
      readonly kind: "go";
      /** No prompt was sent after all: it does not count. */
      takeBack(): void;
    }
  | { readonly kind: "wait"; readonly seconds: number };

export interface PromptsByNetwork {
  /** Counts one prompt before it is sent, so that many at once count too. */
  admit(network: string, id: PaymentId): Promise<PromptAdmission>;
}

/** Empty counters; one per process. */
export function promptsByNetwork(deps: {
  readonly clock: Pick<Clock, "now">;
  readonly log: Pick<Log, "warn">;
  readonly payments: Pick<PaymentStore, "load">;
}): PromptsByNetwork {
  const networks = new Map<string, Network>();

  function known(name: string): Network {
    const network = networks.get(name) ?? { prompts: [], recountedAt: Number.NEGATIVE_INFINITY };
    // Taken out and put back: the map's order is then the order of last use.
    networks.delete(name);
    networks.set(name, network);
    const oldest = networks.size > NETWORKS_MAX ? networks.keys().next() : null;
    if (oldest?.done === false) networks.delete(oldest.value);
    return network;
  }

  /** Forgets the paid ones and marks those that ended without money. */
  async function recount(network: Network, at: number): Promise<void> {
    if (at - network.recountedAt < RECOUNT_EVERY_MS) return;
    network.recountedAt = at;
    const paid = new Set<Prompt>();
    for (const prompt of [...network.prompts]) {
      const status = (await deps.payments.load(prompt.id))?.payment.status ?? "failed";
      if (status === "confirmed") paid.add(prompt);
      prompt.unpaid = !isBlocking(status);
    }
    network.prompts = network.prompts.filter((prompt) => !paid.has(prompt));
  }

  return {
    async admit(name, id) {
      const at = deps.clock.now();
      const network = known(name);
      network.prompts = network.prompts.filter((prompt) => prompt.at > at - WINDOW_MS);
      if (network.prompts.length >= UNPAID_MAX) await recount(network, at);
      const { prompts } = network;
      const [oldest] = prompts;
      const unpaid = prompts.filter((prompt) => prompt.unpaid).length;
      if (oldest !== undefined && (unpaid >= UNPAID_MAX || prompts.length >= REMEMBERED_MAX)) {
        deps.log.warn("prompts_from_one_network", { count: prompts.length });
        return { kind: "wait", seconds: (oldest.at + WINDOW_MS - at) / 1_000 };
      }
      const prompt = { id, at, unpaid: false };
      prompts.push(prompt);
      const takeBack = () => {
        network.prompts = network.prompts.filter((other) => other !== prompt);
      };
      return { kind: "go", takeBack };
    },
  };
}
