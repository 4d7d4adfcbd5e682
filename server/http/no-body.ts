/** Calls that say everything by their address. */
import type { RequestHandler } from "express";
import { type Problem, sendProblem } from "./problem.ts";

const NO_BODY_WANTED: Problem = {
  status: 400,
  type: "invalid_request",
  code: "body_not_wanted",
  message: "This call takes no body; leave it out or send {}.",
};

/**
 * Refuses a body with anything in it: it was meant for another call, and what this one would do,
 * such as closing a payment, may not be undone by sending the right one afterwards.
 */
export const noBody: RequestHandler = (req, res, next) => {
  const body: unknown = req.body;
  if (body === undefined || isEmptyObject(body)) next();
  else sendProblem(res, NO_BODY_WANTED);
};

function isEmptyObject(body: unknown): boolean {
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  return isObject && Object.keys(body).length === 0;
}
