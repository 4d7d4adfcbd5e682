/** Routes are thin: schema, auth, one call, answer (house, rule 9). These are the shared seams. */
import type { Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import { type Problem, schemaProblem, sendProblem } from "./problem.ts";

/** An answer of a route: a body with its status, or a problem. */
export type Answer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
  | { readonly problem: Problem };

/** 200 with a JSON body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** A problem as a route's answer. */
export function refuse(problem: Problem): Answer {
  return { problem };
}

/** Turns a function that answers into an Express handler; a throw goes to the error mapper. */
export function route(answer: (req: Request, res: Response) => Promise<Answer>): RequestHandler {
  return async (req, res) => {
    const outcome = await answer(req, res);
    if ("problem" in outcome) {
      sendProblem(res, outcome.problem);
      return;
    }
    for (const [name, value] of Object.entries(outcome.headers ?? {})) res.setHeader(name, value);
    if (outcome.status === 204) res.status(204).end();
    else res.status(outcome.status).json(outcome.body);
  };
}

/** Parses a body or query with its schema; the problem names the field. */
export function parse<S extends z.ZodType>(
  schema: S,
  input: unknown,
): { ok: true; value: z.output<S> } | { ok: false; problem: Problem } {
  const parsed = schema.safeParse(input ?? {}, { reportInput: true });
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problem: schemaProblem(parsed.error) };
}
