/** Daraja's refusals with their recorded wording, status and envelopes (daraja.md §1 to §3). */
import type { Response } from "express";
import type { Dice } from "./ids.ts";
import { merchantRequestId } from "./ids.ts";

export interface Refusal {
  readonly status: number;
  readonly errorCode: string;
  readonly errorMessage: string;
}

function refusal(status: number, errorCode: string, errorMessage: string): Refusal {
  return { status, errorCode, errorMessage };
}

export const REFUSALS = {
  payload: refusal(400, "400.002.05", "Invalid Request Payload"),
  authenticationType: refusal(400, "400.008.01", "Invalid Authentication passed"),
  grantType: refusal(400, "400.008.02", "Invalid grant type passed"),
  resource: refusal(404, "404.001.01", "Resource not found"),
  token: refusal(404, "404.001.03", "Invalid Access Token"),
  method: refusal(405, "405.001", "Method Not Allowed"),
  credentials: refusal(500, "500.001.1001", "Wrong credentials"),
  merchant: refusal(500, "500.001.1001", "Merchant does not exist"),
  locked: refusal(
    500,
    "500.001.1001",
    "Unable to lock subscriber, a transaction is already in process for the current subscriber",
  ),
  busy: refusal(500, "500.003.02", "System is busy. Please try again in few minutes."),
} as const;

/** 400.002.02 naming the field. */
export function invalidField(field: string): Refusal {
  return refusal(400, "400.002.02", `Bad Request - Invalid ${field}`);
}

/** Daraja's usual envelope. */
export function sendRefusal(res: Response, refused: Refusal, dice: Dice): void {
  const { status, errorCode, errorMessage } = refused;
  res.status(status).json({ requestId: merchantRequestId(dice), errorCode, errorMessage });
}

/** The gateway's other envelope, with HTTP 429. */
export function sendSpikeArrest(res: Response, perMinute: number): void {
  const rate = `messagesPerPeriod=${perMinute}, periodInMicroseconds=60000000, maxBurstMessageCount=1.0`;
  res.status(429).json({
    fault: {
      faultstring: `Spike arrest violation. Allowed rate : MessageRate{${rate}}`,
      detail: { errorcode: "policies.ratelimit.SpikeArrestViolation" },
    },
  });
}

/** The page of the web firewall before Daraja: HTML where JSON was hoped for. */
export function sendFirewallPage(res: Response): void {
  const incident = "0000000000000000000-000000000000000000";
  const source = `/_Incapsula_Resource?incident_id=${incident}&edet=15`;
  res
    .status(403)
    .type("html")
    .send(
      '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head>' +
        `<body><iframe id="main-iframe" src="${source}">Request unsuccessful. ` +
        `Incapsula incident ID: ${incident}</iframe></body></html>`,
    );
}
