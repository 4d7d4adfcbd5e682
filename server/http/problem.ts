/**
 * Operating errors are values: one closed shape, one mapper to HTTP (contract §4 "Errors").
 * A thrown error is a bug and becomes a 500 without details.
 */
import type { Response } from "express";
import type { z } from "zod";
import type { ERROR_TYPES } from "../../shared/api.ts";
import type { FactorKind } from "../../shared/passkey-rules.ts";
import type { UserRole } from "../../shared/permissions.ts";
import type { PaymentStatus } from "../../shared/words.ts";

export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503;
  readonly type: (typeof ERROR_TYPES)[number];
  readonly code: string;
  /** Says what is wrong and what to do, to a person. */
  readonly message: string;
  /** The field at fault, as the caller spelled it. */
  readonly param?: string;
  readonly provider?: { readonly code: string; readonly message: string };
  readonly retryAfterSeconds?: number;
  readonly paymentId?: string;
  readonly paymentStatus?: PaymentStatus;
  /** Who may do it, where the caller may not. */
  readonly roles?: readonly UserRole[];
  /** Which second factors the person may answer with, where one is wanted. */
  readonly factors?: readonly FactorKind[];
}

/** Express reads `requestId` from `res.locals`; server/http/server.ts sets it on every request. */
export function requestIdOf(res: Response): string {
  const id: unknown = res.locals.requestId;
  return typeof id === "string" ? id : "";
}

/** Writes a problem as contract §4 says, with Retry-After where it has one. */
export function sendProblem(res: Response, problem: Problem): void {
  if (problem.retryAfterSeconds !== undefined) {
    res.setHeader("Retry-After", String(Math.max(1, Math.ceil(problem.retryAfterSeconds))));
  }
  res.status(problem.status).json(problemBody(problem, requestIdOf(res)));
}

/** The JSON of a problem; absent members are left out. */
export function problemBody(problem: Problem, requestId: string): { error: object } {
  return {
    error: {
      type: problem.type,
      code: problem.code,
      message: problem.message,
      ...(problem.param === undefined ? {} : { param: problem.param }),
      requestId,
      ...(problem.provider === undefined ? {} : { provider: problem.provider }),
      ...(problem.paymentId === undefined ? {} : { paymentId: problem.paymentId }),
      ...(problem.paymentStatus === undefined ? {} : { status: problem.paymentStatus }),
      ...(problem.roles === undefined ? {} : { roles: problem.roles }),
      ...(problem.factors === undefined ? {} : { factors: problem.factors }),
    },
  };
}

/** 422 naming the first field at fault. */
export function fieldProblem(param: string, message: string): Problem {
  return { status: 422, type: "invalid_request", code: "invalid_field", message, param };
}

/** A zod failure as a 422 that names the field and says what to do. */
export function schemaProblem(error: z.ZodError): Problem {
  const issue = error.issues[0];
  if (issue === undefined) return fieldProblem("", "the request could not be read");
  if (issue.code === "unrecognized_keys") {
    const key = [...issue.path, issue.keys[0]].join(".");
    return fieldProblem(key, `${key} is not a known field; remove it`);
  }
  const param = issue.path.join(".");
  const missing = issue.code === "invalid_type" && issue.input === undefined;
  return fieldProblem(param, missing ? `${param} is required` : issue.message);
}

/** 429 that says in minutes when to come back. */
export function tooManyTries(retryAfterSeconds: number): Problem {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  return {
    status: 429,
    type: "rate_limited",
    code: "too_many_tries",
    message: `too many tries; try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`,
    retryAfterSeconds,
  };
}
