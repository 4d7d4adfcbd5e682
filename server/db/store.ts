/** The whole store over one engine. */
import { sql } from "drizzle-orm";
import type { Seal, Store } from "../ports.ts";
import { createBookmarkStore } from "./bookmark-store.ts";
import { type Engine, run, type Template } from "./engine.ts";
import { createIdempotencyStore } from "./idempotency-store.ts";
import { createInboxStore } from "./inbox-store.ts";
import { createLeaseStore } from "./lease-store.ts";
import { createMerchantStore } from "./merchant-store.ts";
import { createPaymentStore } from "./payment-store.ts";
import { createPeopleStore } from "./people-store.ts";

const beat: Template = (db, t) =>
  db
    .insert(t.pulse)
    .values({ id: 1, beats: 1 })
    .onConflictDoUpdate({ target: t.pulse.id, set: { beats: sql`${t.pulse.beats} + 1` } });

/** @param engine closed together with the store. */
export function createStore(engine: Engine, seal: Seal): Store {
  return {
    payments: createPaymentStore(engine, seal),
    inbox: createInboxStore(engine, seal),
    idempotency: createIdempotencyStore(engine, seal),
    merchants: createMerchantStore(engine),
    people: createPeopleStore(engine),
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
