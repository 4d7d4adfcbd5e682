/** Reading the audit log: pages for people, and the walk along the chain. */
import { and, asc, desc, eq, gt, gte, lt } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { UserId } from "../core/payment.ts";
import type { AuditFilter, AuditStore, Seal, StoredAuditRow } from "../ports.ts";
import {
  type AuditChain,
  type AuditRow,
  faultOf,
  GENESIS,
  type Head,
  headOf,
  idOf,
  numberOf,
} from "./audit-chain.ts";
import type { Engine, Template } from "./engine.ts";
import { slot } from "./slots.ts";

const rowById: Template<AuditRow[]> = (db, t) =>
  db
    .select()
    .from(t.audit)
    .where(eq(t.audit.id, slot("id")));

const rowByHash: Template<AuditRow[]> = (db, t) =>
  db
    .select()
    .from(t.audit)
    .where(eq(t.audit.hash, slot("hash")));

const rowsAfter: Template<AuditRow[]> = (db, t) =>
  db
    .select()
    .from(t.audit)
    .where(gt(t.audit.id, slot("after")))
    .orderBy(asc(t.audit.id))
    .limit(slot("limit"));

/** Who was removed keeps their name here; an address may stand twice then. */
const everybodyEver: Template<{ id: UserId; name: string }[]> = (db, t) =>
  db
    .select({ id: t.users.id, name: t.users.email })
    .from(t.users)
    .orderBy(asc(t.users.email), asc(t.users.id));

interface NamedRow {
  readonly row: AuditRow;
  readonly actorName: string | null;
  readonly targetName: string | null;
}

/** @param chain the one that the house's other stores write through, too. */
export function createAuditStore(engine: Engine, seal: Seal, chain: AuditChain): AuditStore {
  return {
    async append(entry) {
      await chain.commit([], entry);
    },
    async list(filter) {
      const rows = await listed(engine, filter);
      const hasMore = rows.length > filter.limit;
      return { rows: rows.slice(0, filter.limit).map(storedOf), hasMore };
    },
    people: () => engine.read(everybodyEver, {}),
    async head() {
      const head = await headOf(engine);
      return { number: numberOf(head), hash: head.hash };
    },
    async numberOfHash(hash) {
      const [row] = await engine.read(rowByHash, { hash });
      return row === undefined ? null : numberOf(row);
    },
    async verify(after, limit) {
      let previous: Head | undefined = GENESIS;
      if (after > 0) [previous] = await engine.read(rowById, { id: idOf(after) });
      if (previous === undefined)
        return { checkedTo: after, broken: { row: after, fault: "missing" } };
      const rows = await engine.read(rowsAfter, { after: previous.id, limit });
      for (const row of rows) {
        const fault = faultOf(row, previous, seal);
        const number = numberOf(previous) + 1;
        if (fault !== null) return { checkedTo: number - 1, broken: { row: number, fault } };
        previous = row;
      }
      return { checkedTo: numberOf(previous), broken: null };
    },
  };
}

/** One more than asked for tells whether there is more. */
async function listed(
  { db, t }: Engine,
  { before, actor, action, limit }: AuditFilter,
): Promise<readonly NamedRow[]> {
  const [by, to] = [alias(t.users, "by"), alias(t.users, "to")];
  return db
    .select({ row: t.audit, actorName: by.email, targetName: to.email })
    .from(t.audit)
    .leftJoin(by, eq(by.id, t.audit.actor))
    .leftJoin(to, eq(to.id, t.audit.target))
    .where(
      and(
        // A stranger's row before the first is none of the chain's.
        gte(t.audit.id, idOf(1)),
        before === undefined ? undefined : lt(t.audit.id, idOf(before)),
        actor === undefined ? undefined : eq(t.audit.actor, actor),
        action === undefined ? undefined : eq(t.audit.action, action),
      ),
    )
    .orderBy(desc(t.audit.id))
    .limit(limit + 1);
}

function storedOf({ row, ...names }: NamedRow): StoredAuditRow {
  const { id: _id, previousHash: _previous, hashSealed: _sealed, ...entry } = row;
  return { ...entry, ...names, number: numberOf(row) };
}
