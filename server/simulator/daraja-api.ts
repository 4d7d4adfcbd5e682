/** Daraja's calls of a payment at Daraja's own paths; everything else is 404.001.01. */
import { type NextFunction, type Request, type Response, Router, text } from "express";
import { giveToken } from "./call-oauth.ts";
import { answerPull } from "./call-pull.ts";
import { takePush } from "./call-push.ts";
import { answerQuery } from "./call-query.ts";
import type { DarajaParts } from "./parts.ts";
import { REFUSALS, type Refusal, sendRefusal } from "./refusals.ts";

const BODY_MAX = "64kb";

/** The router; mount it at the root or under a prefix, before other body parsers. */
export function darajaRouter(parts: DarajaParts): Router {
  const router = Router();
  const refuse = (res: Response, refusal: Refusal) => sendRefusal(res, refusal, parts.dice);
  const readBody = text({ type: () => true, limit: BODY_MAX });
  const admitted = (req: Request, res: Response, next: NextFunction) => {
    if (parts.tokens.admits(req.headers.authorization)) next();
    else refuse(res, REFUSALS.token);
  };
  const wrongMethod = (_req: Request, res: Response) => refuse(res, REFUSALS.method);

  router
    .route("/oauth/v1/generate")
    .get((req, res) => giveToken(parts, req, res))
    .all(wrongMethod);
  router
    .route("/mpesa/stkpush/v1/processrequest")
    .post(admitted, readBody, (req, res) => takePush(parts, req, res))
    .all(wrongMethod);
  router
    .route("/mpesa/stkpushquery/v1/query")
    .post(admitted, readBody, (req, res) => answerQuery(parts, req, res))
    .all(wrongMethod);
  router
    .route("/pulltransactions/v1/query")
    .post(admitted, readBody, (req, res) => answerPull(parts, req, res))
    .all(wrongMethod);
  router.use((_req: Request, res: Response) => refuse(res, REFUSALS.resource));
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent || !isCallersFault(error)) next(error);
    else refuse(res, REFUSALS.payload);
  });
  return router;
}

/** body-parser marks what the caller did wrong with a status below 500. */
function isCallersFault(error: unknown): boolean {
  return error instanceof Error && "status" in error && Number(error.status) < 500;
}
