/** `GET /oauth/v1/generate` (daraja.md §1). */
import type { Request, Response } from "express";
import { checkApp } from "./doors.ts";
import type { DarajaParts } from "./parts.ts";
import { REFUSALS, sendRefusal } from "./refusals.ts";

/** A token for the app's credentials, or the recorded refusals. */
export function giveToken(parts: DarajaParts, req: Request, res: Response): void {
  switch (checkApp(req.headers.authorization, parts.app)) {
    case "not_basic":
      sendRefusal(res, REFUSALS.authenticationType, parts.dice);
      return;
    case "wrong":
      // Recorded: HTTP 400 with an empty body.
      res.status(400).end();
      return;
    case "admitted":
      break;
  }
  if (req.query.grant_type !== "client_credentials") {
    sendRefusal(res, REFUSALS.grantType, parts.dice);
    return;
  }
  // Recorded: pretty-printed, and expires_in is text.
  const body = { access_token: parts.tokens.issue(), expires_in: "3599" };
  res
    .status(200)
    .type("json")
    .send(`${JSON.stringify(body, null, 2)}\n`);
}
