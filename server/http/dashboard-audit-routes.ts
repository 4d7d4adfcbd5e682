/** The audit log to read, and to walk along step by step, so that the page can show how far it is. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import {
  type AuditList,
  type AuditRowView,
  type AuditStep,
  auditQuery,
  auditVerifyQuery,
} from "../../shared/audit-api.ts";
import type { AuditActor, AuditStore, StoredAuditRow } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

/** Some tens of milliseconds' work, so that nobody else waits long. */
const STEP_ROWS = 1_000;

export interface AuditDeps extends SessionDeps {
  readonly audit: AuditStore;
}

export function auditRoutes(deps: AuditDeps): Router {
  const router = Router();
  const { audit } = deps;
  router.get(
    pathOf(ROUTES.dashboardAudit),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(auditQuery, req.query);
      if (!query.ok) return refuse(query.problem);
      const { actor, ...rest } = query.value;
      const filter = actor === undefined ? rest : { ...rest, actor: actor as AuditActor };
      const [{ rows, hasMore }, people] = await Promise.all([audit.list(filter), audit.people()]);
      return ok({ data: rows.map(rowView), hasMore, people: [...people] } satisfies AuditList);
    }),
  );
  router.get(
    pathOf(ROUTES.dashboardAuditVerify),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const query = parse(auditVerifyQuery, req.query);
      if (!query.ok) return refuse(query.problem);
      // The head first: rows that are written meanwhile are beyond what was asked about.
      const head = await audit.head();
      const { checkedTo, broken } = await audit.verify(query.value.after, STEP_ROWS);
      return ok({
        checkedTo,
        total: Math.max(head.number, checkedTo),
        broken,
        newestHash: head.hash,
      } satisfies AuditStep);
    }),
  );
  return router;
}

function rowView(row: StoredAuditRow): AuditRowView {
  const { number, at, actor, actorName, action, target, targetName, details, hash } = row;
  return {
    number,
    at: new Date(at).toISOString(),
    actor: { id: actor, name: actorName },
    action,
    target: target === null ? null : { id: target, name: targetName },
    details: { ...details },
    hash,
  };
}
