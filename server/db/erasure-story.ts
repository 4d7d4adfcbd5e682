/** Story and evidence without a person's numbers: what happened stays, when, and who did it. */
import { and, eq } from "drizzle-orm";
import type { AttemptId, Detail, PaymentId } from "../core/payment.ts";
import { type Engine, run, type Statement, type Template } from "./engine.ts";
import { type Blanking, blanked } from "./erasure-rows.ts";
import { setSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

type Line = Pick<Tables["timeline"]["$inferSelect"], "paymentId" | "seq" | "attemptId" | "detail">;
type Proof = Pick<Tables["evidence"]["$inferSelect"], "attemptId" | "seq" | "detail">;

const readLines: Template<Line[]> = (db, t) =>
  db
    .select({
      paymentId: t.timeline.paymentId,
      seq: t.timeline.seq,
      attemptId: t.timeline.attemptId,
      detail: t.timeline.detail,
    })
    .from(t.timeline)
    .where(eq(t.timeline.paymentId, slot("paymentId")));

const writeLine: Template = (db, t) =>
  db
    .update(t.timeline)
    .set(setSlots(t.timeline, ["detail"]))
    .where(and(eq(t.timeline.paymentId, slot("paymentId")), eq(t.timeline.seq, slot("seq"))));

const readProofs: Template<Proof[]> = (db, t) =>
  db
    .select({
      attemptId: t.evidence.attemptId,
      seq: t.evidence.seq,
      detail: t.evidence.detail,
    })
    .from(t.evidence)
    .where(eq(t.evidence.attemptId, slot("attemptId")));

const writeProof: Template = (db, t) =>
  db
    .update(t.evidence)
    .set(setSlots(t.evidence, ["detail"]))
    .where(and(eq(t.evidence.attemptId, slot("attemptId")), eq(t.evidence.seq, slot("seq"))));

/** @param attempts those on the numbers that go. */
export async function storyWithout(
  engine: Engine,
  attempts: readonly { readonly id: AttemptId; readonly paymentId: PaymentId }[],
  scene: Blanking,
): Promise<readonly Statement[]> {
  const gone = new Set<AttemptId | null>(attempts.map(({ id }) => id));
  const payments = [...new Set(attempts.map(({ paymentId }) => paymentId))];
  const lines = await Promise.all(
    payments.map((paymentId) => engine.read(readLines, { paymentId })),
  );
  const proofs = await Promise.all(
    attempts.map(({ id }) => engine.read(readProofs, { attemptId: id })),
  );
  return [
    ...lines.flat().flatMap(({ paymentId, seq, attemptId, detail }) => {
      const left = detailWithout(detail, gone.has(attemptId), scene);
      return same(left, detail) ? [] : [run(writeLine, { paymentId, seq, detail: left })];
    }),
    ...proofs.flat().flatMap(({ attemptId, seq, detail }) => {
      const left = detailWithout(detail, true, scene);
      return same(left, detail) ? [] : [run(writeProof, { attemptId, seq, detail: left })];
    }),
  ];
}

/** The last four digits go with the attempt that they are of; reasons are texts of people. */
function detailWithout(detail: Detail, ofGone: boolean, scene: Blanking): Detail {
  const kept = Object.entries(detail).filter(([name]) => !(ofGone && name === "phoneTail"));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, typeof value === "string" ? blanked(value, scene) : value]),
  );
}

function same(left: Detail, right: Detail): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
