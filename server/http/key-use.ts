/** When each key was used last, noted rarely: it answers "is this one still needed?", not "when exactly?". */
import type { Clock, Log, MerchantStore } from "../ports.ts";

/** A key in steady use costs one small write in this time. */
const NOTE_EVERY_MS = 5 * 60_000;

export interface KeyUseDeps {
  readonly merchants: MerchantStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** A note-taker for one process; a note that cannot be written is no reason to refuse a call. */
export function keyUseNotes({ merchants, clock, log }: KeyUseDeps): (keyId: string) => void {
  const notedAt = new Map<string, number>();
  return (keyId) => {
    const at = clock.now();
    if (at - (notedAt.get(keyId) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return;
    notedAt.set(keyId, at);
    merchants.noteKeyUse(keyId, at).catch((error: unknown) => {
      notedAt.delete(keyId);
      const because = error instanceof Error ? error.message : "unknown fault";
      log.warn("key_use_not_noted", { error: because });
    });
  };
}
