/** The whole store over one engine. */
import { sql } from "drizzle-orm";
import type { Log, Seal, Store } from "../ports.ts";
import { createAgeingStore } from "./ageing-store.ts";
import { createAlertStore } from "./alert-store.ts";
import { auditChain } from "./audit-chain.ts";
import { createAuditStore } from "./audit-store.ts";
import { createBookmarkStore } from "./bookmark-store.ts";
import { createBrandStore } from "./brand-store.ts";
import { type Engine, run, type Template } from "./engine.ts";
import { createErasureStore } from "./erasure-store.ts";
import { createFactorStore } from "./factor-store.ts";
import { createIdempotencyStore } from "./idempotency-store.ts";
import { createInboxStore } from "./inbox-store.ts";
import { createInsightStore } from "./insight-store.ts";
import { createLeaseStore } from "./lease-store.ts";
import { createLimitStore } from "./limit-store.ts";
import { createMerchantStore } from "./merchant-store.ts";
import { createPasskeyStore } from "./passkey-store.ts";
import { createPaymentStore } from "./payment-store.ts";
import { createPeopleStore } from "./people-store.ts";
import { createProposalStore } from "./proposal-store.ts";
import { createStoryStore } from "./story-store.ts";
import { openOrTell } from "./unopened.ts";
import { createViewStore } from "./view-store.ts";

const beat: Template = (db, t) =>
  db
    .insert(t.pulse)
    .values({ id: 1, beats: 1 })
    .onConflictDoUpdate({ target: t.pulse.id, set: { beats: sql`${t.pulse.beats} + 1` } });

const UNHEARD: Pick<Log, "error"> = { error: () => undefined };

/**
 * @param engine closed together with the store.
 * @param log is told of rows that are left out because they do not open.
 */
export function createStore(engine: Engine, seal: Seal, log: Pick<Log, "error"> = UNHEARD): Store {
  const chain = auditChain(engine, seal);
  const opened = openOrTell(log);
  return {
    audit: createAuditStore(engine, seal, chain),
    payments: createPaymentStore(engine, seal, chain, opened),
    story: createStoryStore(engine, seal, chain),
    erasure: createErasureStore(engine, seal),
    ageing: createAgeingStore(engine, seal, chain, opened),
    inbox: createInboxStore(engine, seal, opened),
    insight: createInsightStore(engine),
    idempotency: createIdempotencyStore(engine, seal),
    merchants: createMerchantStore(engine, chain),
    brands: createBrandStore(engine, chain),
    limits: createLimitStore(engine, chain),
    people: createPeopleStore(engine, chain),
    factors: createFactorStore(engine, chain),
    views: createViewStore(engine, chain),
    passkeys: createPasskeyStore(engine, chain),
    proposals: createProposalStore(engine, chain),
    alerts: createAlertStore(engine, chain),
    leases: createLeaseStore(engine),
    bookmarks: createBookmarkStore(engine),
    async writable() {
      try {
        return (await engine.commit([run(beat, {})])).ok;
      } catch {
        return false;
      }
    },
    close: () => engine.close(),
  };
}
