/** What the dashboard's routes share: no caching, the signed-in user, and unreadable bodies. */
import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import { type Problem, sendProblem } from "./problem.ts";
import { type SessionDeps, type SignedIn, sessionOf } from "./sessions.ts";

/** The path of a `ROUTES` entry such as "GET /dashboard/api/session". */
export function pathOf(entry: string): string {
  return entry.slice(entry.indexOf(" ") + 1);
}

/** What a person sees here must not stay behind in a shared computer's cache. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader("Cache-Control", "no-store");
  next();
};

/**
 * The signed-in user, or the 401 to answer. On a fresh installation the code says that a first
 * owner must be made, so that the page can explain the printed link.
 */
export async function signedIn(
  deps: SessionDeps,
  req: Request,
): Promise<SignedIn | { readonly problem: Problem }> {
  const session = await sessionOf(deps, req);
  if (session !== null) return session;
  const fresh = (await deps.people.countUsers()) === 0;
  return {
    problem: fresh
      ? {
          status: 401,
          type: "authentication",
          code: "set_up_needed",
          message: "nobody can sign in yet; open the set-up link that the server printed",
        }
      : {
          status: 401,
          type: "authentication",
          code: "not_signed_in",
          message: "sign in to go on",
        },
  };
}

/** A body that is no JSON or too large is the caller's mistake, not a bug of ours. */
export const badJson: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  const kind = typeof error === "object" && error !== null && "type" in error ? error.type : null;
  if (kind === "entity.too.large") {
    return sendProblem(res, {
      status: 413,
      type: "invalid_request",
      code: "body_too_large",
      message: "the request is too large",
    });
  }
  if (typeof kind === "string" && /^(entity|encoding|charset|request)\./.test(kind)) {
    return sendProblem(res, {
      status: 400,
      type: "invalid_request",
      code: "malformed_json",
      message: "the request is not readable JSON",
    });
  }
  next(error);
};
