/**
 * Erases a person's number wherever it is kept. The number goes; that money was taken, when, how
 * much and with which receipt stays. Batch by batch, each one transaction: whatever a crash leaves
 * is done by running again.
 */
import type { Phone } from "../../shared/phone.ts";
import type { AuditActor, AuditStore, Clock, ErasureCount, ErasureStore, Log } from "../ports.ts";
import { ERASURE_COUNTS, ERASURE_ROOMS } from "../ports.ts";

export interface EraseDeps {
  readonly erasure: ErasureStore;
  readonly audit: Pick<AuditStore, "append">;
  readonly clock: Clock;
  readonly log: Log;
}

export type Counts = Readonly<Record<ErasureCount, number>>;
export type ErasedPhone =
  | { readonly kind: "erased"; readonly counts: Counts }
  /** Money may still move on this number: so many attempts stand in the way. */
  | { readonly kind: "unsettled"; readonly attempts: number };

/** @param by who erases; the audit log tells it with the number's last two digits. */
export async function erasePhone(
  deps: EraseDeps,
  phone: Phone,
  by: AuditActor,
): Promise<ErasedPhone> {
  const attempts = await deps.erasure.unsettled(phone);
  if (attempts > 0) return { kind: "unsettled", attempts };
  const counts = Object.fromEntries(ERASURE_COUNTS.map((name) => [name, 0])) as Record<
    ErasureCount,
    number
  >;
  for (const room of ERASURE_ROOMS) {
    for (let from: string | null = ""; from !== null; ) {
      const batch = await deps.erasure.blank(room, phone, from);
      // Prompted meanwhile: what is blanked already stays so, and the rest waits for the end of it.
      if (batch.kind === "unsettled") return { kind: "unsettled", attempts: 1 };
      for (const name of ERASURE_COUNTS) counts[name] += batch.counts[name] ?? 0;
      from = batch.next;
    }
  }
  await deps.audit.append({
    at: deps.clock.now(),
    actor: by,
    action: "number_erased",
    target: null,
    details: { ending: phone.slice(-2), ...counts },
  });
  if (counts.unopened > 0) deps.log.error("erasure_unopened", { count: counts.unopened });
  deps.log.info("number_erased", { userId: by, count: counts.attempts });
  return { kind: "erased", counts };
}
