/** Proof that a request came from our own pages (contract §8). */
import type { RequestHandler } from "express";
import { type Problem, sendProblem } from "./problem.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

const NOT_SAME_SITE: Problem = {
  status: 403,
  type: "permission",
  code: "cross_site",
  message: "this request did not come from the dashboard; open the dashboard at its own address",
};
const NOT_JSON: Problem = {
  status: 415,
  type: "invalid_request",
  code: "json_required",
  message: "send JSON with the header Content-Type: application/json",
};

/** True when an Origin header names PUBLIC_URL's origin; on loopback every name of it counts. */
export function isOwnOrigin(origin: string | undefined, publicUrl: string): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const theirs = new URL(origin);
  const ours = new URL(publicUrl);
  if (theirs.origin !== origin) return false;
  if (theirs.origin === ours.origin) return true;
  const bothLoopback = LOOPBACK.has(theirs.hostname) && LOOPBACK.has(ours.hostname);
  return bothLoopback && theirs.protocol === ours.protocol && theirs.port === ours.port;
}

const FOREIGN_PAGE: Problem = {
  status: 403,
  type: "permission",
  code: "cross_site",
  message: "This request came from another site's page; the checkout runs at its own address only.",
};

/**
 * Refuses a writing request that a browser sends from another site's page. Programs, which send no
 * Origin, pass. A page that is reached by another name than PUBLIC_URL's, such as one of the local
 * network, has that name in Host too.
 */
export function noForeignPage(publicUrl: string): RequestHandler {
  return (req, res, next) => {
    const { origin, host } = req.headers;
    const reads = req.method === "GET" || req.method === "HEAD";
    const own =
      origin === undefined ||
      isOwnOrigin(origin, publicUrl) ||
      (URL.canParse(origin) && new URL(origin).host === host);
    if (reads || own) next();
    else sendProblem(res, FOREIGN_PAGE);
  };
}

/**
 * Lets a writing request pass only from our own pages: its Origin decides, or, where a browser
 * leaves Origin out, Sec-Fetch-Site, which no script can forge. JSON is demanded too, since a
 * foreign form cannot send it without asking first.
 */
export function sameSiteOnly(publicUrl: string): RequestHandler {
  return (req, res, next) => {
    if (req.method === "GET" || req.method === "HEAD") return next();
    const { origin } = req.headers;
    const own =
      origin === undefined
        ? req.headers["sec-fetch-site"] === "same-origin"
        : isOwnOrigin(origin, publicUrl);
    if (!own) return sendProblem(res, NOT_SAME_SITE);
    if (!/^application\/json *(;|$)/i.test(req.headers["content-type"] ?? "")) {
      return sendProblem(res, NOT_JSON);
    }
    next();
  };
}
