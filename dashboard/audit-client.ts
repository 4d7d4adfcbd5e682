/** The audit log in /dashboard/api. */
import type { AuditList, AuditStep } from "../shared/audit-api.ts";
import type { AuditAction } from "../shared/audit-words.ts";
import { type Answer, call } from "./client.ts";

export interface AuditFilter {
  /** A person's id, `system` or `command`; null is everybody. */
  readonly actor: string | null;
  readonly action: AuditAction | null;
}

/** One page, newest first, older than the row `before`. */
export function readAudit(
  { actor, action }: AuditFilter,
  before: number | null,
): Promise<Answer<AuditList>> {
  const query = new URLSearchParams();
  if (actor !== null) query.set("actor", actor);
  if (action !== null) query.set("action", action);
  if (before !== null) query.set("before", String(before));
  return call("GET", `audit?${query}`);
}

/** One step of the walk along the chain, after the row `after`. */
export function readAuditStep(after: number): Promise<Answer<AuditStep>> {
  return call("GET", `audit/verify?after=${after}`);
}
