/** The prompt limits that a merchant has set. */
import { and, eq, sql } from "drizzle-orm";
import { DEFAULT_PROMPT_LIMITS, type PromptLimits } from "../../shared/prompt-limits.ts";
import type { LimitStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { setSlots, slot } from "./slots.ts";

const readLimits: Template<{ version: number; limits: PromptLimits | null }[]> = (db, t) =>
  db
    .select({ version: t.merchants.limitsVersion, limits: t.merchants.promptLimits })
    .from(t.merchants)
    .where(eq(t.merchants.id, slot("id")));

/** The version that was read guards the write. */
const replaceLimits: Template = (db, t) =>
  db
    .update(t.merchants)
    .set({
      ...setSlots(t.merchants, ["promptLimits"]),
      limitsVersion: sql`${t.merchants.limitsVersion} + 1`,
    })
    .where(and(eq(t.merchants.id, slot("id")), eq(t.merchants.limitsVersion, slot("was"))))
    .returning({ id: t.merchants.id });

export function createLimitStore(engine: Engine, chain: AuditChain): LimitStore {
  return {
    async limitsOf(id) {
      const [row] = await engine.read(readLimits, { id });
      return { version: row?.version ?? 1, limits: row?.limits ?? DEFAULT_PROMPT_LIMITS };
    },
    async setLimits(id, limits, was, audit) {
      const step = must("version", run(replaceLimits, { id, promptLimits: limits, was }));
      return (await chain.commit([step], audit)).ok;
    },
  };
}
