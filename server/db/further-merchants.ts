/** The merchants beside the default one: added in the dashboard, with their credentials sealed. */
import { and, asc, desc, eq, isNotNull, isNull } from "drizzle-orm";
import type { MerchantStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { NO_BRAND } from "./brand-store.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { knownMerchant, type MerchantRow, merchantColumns } from "./merchant-rows.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";

const insertFurther: Template = (db, t) =>
  db
    .insert(t.merchants)
    .values(rowSlots(t.merchants))
    .onConflictDoNothing()
    .returning({ id: t.merchants.id });

const readAll: Template<MerchantRow[]> = (db, t) =>
  db
    .select(merchantColumns(t))
    .from(t.merchants)
    .where(eq(t.merchants.environment, slot("environment")))
    .orderBy(desc(t.merchants.isDefault), asc(t.merchants.id));

const readCredentials: Template<{ sealed: string | null }[]> = (db, t) =>
  db
    .select({ sealed: t.merchants.credentialsSealed })
    .from(t.merchants)
    .where(eq(t.merchants.id, slot("id")));

/** The default merchant's stand in the environment. */
const writeCredentials: Template = (db, t) =>
  db
    .update(t.merchants)
    .set(setSlots(t.merchants, ["credentialsSealed"]))
    .where(and(eq(t.merchants.id, slot("id")), eq(t.merchants.isDefault, 0)))
    .returning({ id: t.merchants.id });

/** What it is now guards the write: of two people who pause it, one did. */
const setPause =
  (wish: "pause" | "resume"): Template =>
  (db, t) =>
    db
      .update(t.merchants)
      .set(setSlots(t.merchants, ["pausedAt"]))
      .where(
        and(
          eq(t.merchants.id, slot("id")),
          wish === "pause" ? isNull(t.merchants.pausedAt) : isNotNull(t.merchants.pausedAt),
        ),
      )
      .returning({ id: t.merchants.id });
const pause = setPause("pause");
const resume = setPause("resume");

export function furtherMerchants(
  engine: Engine,
  chain: AuditChain,
): Pick<MerchantStore, "ofEnvironment" | "add" | "credentialsOf" | "setCredentials" | "setPaused"> {
  return {
    async ofEnvironment(environment) {
      return (await engine.read(readAll, { environment })).map(knownMerchant);
    },
    async add({ till, pull, ...merchant }, audit) {
      const row = {
        ...merchant,
        ...NO_BRAND,
        allowedOrigins: [],
        webhookSecretSealed: null,
        isDefault: 0,
        till: till ?? "",
        pulls: pull === "asked" ? 1 : 0,
        pausedAt: null,
        twoPersonFrom: null,
      };
      const added = await chain.commit([must("unique", run(insertFurther, row))], audit);
      return added.ok ? "added" : "taken";
    },
    async credentialsOf(id) {
      return (await engine.read(readCredentials, { id }))[0]?.sealed ?? null;
    },
    async setCredentials(id, sealed, audit) {
      const change = run(writeCredentials, { id, credentialsSealed: sealed });
      return (await chain.commit([must("unique", change)], audit)).ok;
    },
    async setPaused(id, pausedAt, audit) {
      const change = run(pausedAt === null ? resume : pause, { id, pausedAt });
      return (await chain.commit([must("version", change)], audit)).ok;
    },
  };
}
