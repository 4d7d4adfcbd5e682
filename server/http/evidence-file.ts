/**
 * One file for a dispute: a payment's story, evidence and messages without phone numbers and
 * secrets. The audit log keeps the file's hash, so that a file can be proven to be ours.
 */
import { createHash } from "node:crypto";
import { masked } from "../../shared/redaction.ts";
import type { Subject } from "../core/machine.ts";
import type { Evidence } from "../core/payment.ts";
import type { Actor, AuditStore, Clock } from "../ports.ts";
import { callView, messageView } from "./messages.ts";
import { type DetailDeps, factsOf, iso, publicAttemptId, timelineEntry } from "./payment-detail.ts";

export interface EvidenceDeps extends DetailDeps {
  readonly clock: Clock;
  readonly audit: AuditStore;
}

export interface EvidenceFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Builds the file and writes down who took it. */
export async function takeEvidence(
  deps: EvidenceDeps,
  subject: Subject,
  by: Actor,
): Promise<EvidenceFile> {
  const { payment } = subject;
  const at = deps.clock.now();
  const content = await contentOf(deps, subject, by, at);
  const bytes = Buffer.from(`${JSON.stringify(content, null, 2)}\n`, "utf8");
  const details = { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
  const target = payment.id;
  await deps.audit.append({ at, actor: by.id, action: "evidence_taken", target, details });
  const order = payment.orderReference.replace(/[^A-Za-z0-9-]+/g, "_").slice(0, 40);
  return { name: `lipia-evidence-${order}-v${payment.version}.json`, bytes };
}

async function contentOf(deps: EvidenceDeps, subject: Subject, by: Actor, at: number) {
  const { story, payments, merchants, audit, view, seal } = deps;
  const { id, merchantId, environment, shortcode } = subject.payment;
  const [merchant, lines, notes, callbacks, calls, evidence, auditHead] = await Promise.all([
    merchants.byId(merchantId),
    payments.timeline(id),
    story.notes(id),
    story.callbacks(id),
    story.calls(id),
    story.evidence(id),
    audit.head(),
  ]);
  return {
    format: "lipia-evidence-2",
    readMe:
      "Everything Lipia keeps about one payment. Phone numbers and secrets are left out. Each " +
      "message's fingerprint is a keyed hash of its bytes as they came, each call's without its " +
      "password: nobody else can make it again, but the Lipia that made this file shows the same " +
      "beside the message, until its secret is rotated or the number erased. Evidence classes: " +
      "E1 callback, E2 query, E3 statement, E4 a person. Times are UTC.",
    madeAt: iso(at),
    madeBy: by.email,
    auditHead,
    merchant: { name: merchant?.name ?? merchantId, shortcode },
    environment,
    payment: view(subject),
    attempts: subject.attempts.map(factsOf),
    timeline: lines.map(timelineEntry),
    evidence: evidence.map(evidenceView),
    messages: callbacks.map((callback) => messageView(seal, callback)),
    calls: calls.map((call) => callView(seal, call)),
    notes: notes.map((note) => ({
      at: iso(note.at),
      author: note.author,
      text: masked(note.text),
    })),
  };
}

function evidenceView({ attemptId, at, amountCents, ...rest }: Evidence) {
  return {
    attemptId: publicAttemptId(attemptId),
    at: iso(at),
    ...rest,
    amount: amountCents === null ? null : amountCents / 100,
  };
}
