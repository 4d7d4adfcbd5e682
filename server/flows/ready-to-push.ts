/** The moment before a push: the token, and a rest that Daraja asked for (machine §5). */
import type { Clock, Daraja, Ready } from "../ports.ts";

/** A customer rather waits a little than hears that nothing was sent. */
const REST_PATIENCE_MS = 5_000;

/** Whether a push may leave now; a short rest is waited for. */
export async function readyToPush(clock: Clock, daraja: Daraja): Promise<Ready> {
  const first = await daraja.ready();
  if (first.ok || first.restMs === undefined || first.restMs > REST_PATIENCE_MS) return first;
  await clock.sleep(first.restMs);
  return daraja.ready();
}
