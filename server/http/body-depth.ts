/**
 * How deep a body may nest. JSON is parsed at any depth, but much that is done with it afterwards
 * calls itself once a level, and a body of 64 KiB has room for more levels than the stack has.
 */
import type { RequestHandler } from "express";
import { type Problem, sendProblem } from "./problem.ts";

/** No request of ours nests more than three levels; the seed route lets carts send what else they have. */
const DEPTH_MAX = 32;

const TOO_DEEP: Problem = {
  status: 400,
  type: "invalid_request",
  code: "body_too_deep",
  message: `The body nests more than ${DEPTH_MAX} levels deep; send a flatter one.`,
};

/** Refuses a parsed body that nests too deep, before anything else reads it. */
export const shallowOnly: RequestHandler = (req, res, next) => {
  let level: readonly object[] = objectsIn([req.body]);
  for (let depth = 1; depth <= DEPTH_MAX && level.length > 0; depth += 1) {
    level = level.flatMap((one) => objectsIn(Object.values(one)));
  }
  if (level.length > 0) sendProblem(res, TOO_DEEP);
  else next();
};

function objectsIn(values: readonly unknown[]): object[] {
  return values.filter((value) => typeof value === "object" && value !== null) as object[];
}
