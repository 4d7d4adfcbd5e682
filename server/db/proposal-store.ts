/** Proposals that wait for a second person: each is made once, and ends once. */
import { and, desc, eq, gt, lte } from "drizzle-orm";
import type { Proposal, ProposalStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { rowSlots, slot } from "./slots.ts";

const dropSpent: Template = (db, t) =>
  db.delete(t.proposals).where(lte(t.proposals.expiresAt, slot("createdAt")));

const insertProposal: Template = (db, t) =>
  db
    .insert(t.proposals)
    .values(rowSlots(t.proposals))
    .onConflictDoNothing()
    .returning({ id: t.proposals.id });

const ofPayment: Template<Proposal[]> = (db, t) =>
  db
    .select()
    .from(t.proposals)
    .where(and(eq(t.proposals.paymentId, slot("id")), gt(t.proposals.expiresAt, slot("at"))));

const waiting: Template<Proposal[]> = (db, t) =>
  db
    .select()
    .from(t.proposals)
    .where(
      and(
        eq(t.proposals.merchantId, slot("merchantId")),
        eq(t.proposals.environment, slot("environment")),
        gt(t.proposals.expiresAt, slot("at")),
      ),
    )
    .orderBy(desc(t.proposals.createdAt), desc(t.proposals.id))
    .limit(slot("limit"));

/** Alone, or in the commit that carries it out. */
export const endProposal: Template = (db, t) =>
  db
    .delete(t.proposals)
    .where(eq(t.proposals.id, slot("id")))
    .returning({ id: t.proposals.id });

export function createProposalStore(engine: Engine, chain: AuditChain): ProposalStore {
  return {
    async propose(proposal, audit) {
      const statements = [
        run(dropSpent, { createdAt: proposal.createdAt }),
        must("proposal", run(insertProposal, { ...proposal })),
      ];
      return (await chain.commit(statements, audit)).ok;
    },
    async ofPayment(id, at) {
      return (await engine.read(ofPayment, { id, at }))[0] ?? null;
    },
    waiting: ({ merchantId, environment }, at, limit) =>
      engine.read(waiting, { merchantId, environment, at, limit }),
    async end(id, audit) {
      return (await chain.commit([must("proposal", run(endProposal, { id }))], audit)).ok;
    },
  };
}
