/**
 * Answers of Daraja as they were never recorded: recorded and well-formed ones with values, bytes,
 * statuses and the transport itself changed. What they prove is said by answer-oracle.ts.
 */
import { bodyOf, samplesOf } from "../daraja/samples.ts";
import type { Dice } from "./dice.ts";

export type CallKind = "oauth" | "push" | "query";

/** One answer and how it travels. */
export interface OddAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly type: string;
  /** `whole` is the only way in which all of it arrives. */
  readonly transport: "whole" | "short" | "reset" | "reset_midway" | "garbage" | "never";
}

const STATUSES = [200, 201, 204, 301, 302, 400, 401, 403, 404, 405, 409, 429, 500, 502, 503, 504];
const TYPES = ["application/json", "text/html", "text/plain", "application/xml", ""];
const SAMPLES = ["push-response", "query", "error", "oauth", "callback"].flatMap((kind) =>
  samplesOf(kind).map((sample) => ({ status: sample.http_status ?? 200, text: bodyOf(sample) })),
);
const HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";
const CODES = [
  0,
  "0",
  "00",
  "0 ",
  null,
  [0],
  false,
  "",
  1,
  "1",
  1032,
  "1032",
  1037,
  "4999",
  4999,
  "E3008",
  2001,
  "17",
  "SFC_IC0003",
  "1036",
  {},
  -1,
];
const ERRORS: readonly (readonly [number, string, string])[] = [
  [400, "400.002.02", "Bad Request - Invalid PhoneNumber"],
  [400, "400.002.02", "Invalid CheckoutRequestID"],
  [404, "404.001.01", "Resource not found"],
  [404, "404.001.03", "Invalid Access Token"],
  [401, "401.002.01", "Error Occurred - Invalid Access Token - canary"],
  [405, "405.001", "Method not allowed"],
  [500, "500.001.1001", "Wrong credentials"],
  [500, "500.001.1001", "Unable to lock subscriber, a transaction is already in process"],
  [500, "500.001.1001", "The transaction is being processed"],
  [500, "500.001.1001", "Something new"],
  [500, "500.002.1001", "Service unavailable"],
  [500, "500.003.02", "System is busy. Please try again in few minutes."],
  [500, "500.003.02", "Spike arrest violation"],
  [500, "500.003.03", "Quota violation"],
  [503, "503.001", "Unavailable"],
];

/** The answer to one call. @param id the CheckoutRequestID of the case. */
export function answerTo(dice: Dice, call: CallKind, id: string): OddAnswer {
  const usual = call === "oauth" ? 0.85 : 0.4;
  if (dice.chance(usual)) return plain(200, goodBody(dice, call, id));
  const base = baseOf(dice, call, id);
  const text = dice.chance(0.4) ? spoilt(dice, base.text) : base.text;
  const bytes = Buffer.from(text);
  return {
    status: dice.chance(0.6) ? base.status : dice.pick(STATUSES),
    body: dice.chance(0.05) ? byteSpoilt(dice, bytes) : bytes,
    type: dice.pick(TYPES),
    transport: dice.chance(0.85)
      ? "whole"
      : dice.chance(0.03)
        ? "never"
        : dice.pick(["short", "reset", "reset_midway", "garbage"] as const),
  };
}

function plain(status: number, text: string): OddAnswer {
  return { status, body: Buffer.from(text), type: "application/json", transport: "whole" };
}

function goodBody(dice: Dice, call: CallKind, id: string): string {
  switch (call) {
    case "oauth":
      return JSON.stringify({ access_token: `t${dice.int(1e9)}`, expires_in: "3599" });
    case "push":
      return JSON.stringify(accepting(id));
    case "query":
      return JSON.stringify(resulting(id, dice.pick(["0", "1032", "4999", "4999", "1037", "1"])));
  }
}

function accepting(id: unknown): Record<string, unknown> {
  return {
    MerchantRequestID: "29115-34620561-1",
    CheckoutRequestID: id,
    ResponseCode: "0",
    ResponseDescription: "Success. Request accepted for processing",
    CustomerMessage: "Success. Request accepted for processing",
  };
}

function resulting(id: unknown, code: unknown): Record<string, unknown> {
  return {
    ResponseCode: "0",
    ResponseDescription: "The service request has been accepted successsfully",
    MerchantRequestID: "22205-34066-1",
    CheckoutRequestID: id,
    ResultCode: code,
    ResultDesc: "The service request is processed successfully.",
  };
}

function baseOf(dice: Dice, call: CallKind, id: string): { status: number; text: string } {
  switch (dice.int(6)) {
    case 0: {
      const sample = dice.pick(SAMPLES);
      const text = dice.chance(0.5) ? sample.text.replaceAll(/ws_CO_\d+/g, id) : sample.text;
      return { status: sample.status, text };
    }
    case 1:
    case 2: {
      const [status, errorCode, errorMessage] = dice.pick(ERRORS);
      return { status, text: JSON.stringify({ requestId: "1-1-1", errorCode, errorMessage }) };
    }
    case 3:
      return {
        status: dice.pick(STATUSES),
        text: dice.pick([HTML, "", " ", "null", "[]", "0", '"0"', "{}"]),
      };
    default:
      return { status: 200, text: JSON.stringify(oddFields(dice, call, id)) };
  }
}

/** The right shape with wrong values: codes that look like success, ids of others, missing fields. */
function oddFields(dice: Dice, call: CallKind, id: string): unknown {
  if (call === "oauth") {
    return {
      access_token: dice.pick<unknown>([null, "", 7, "has space", "x".repeat(5_000), {}]),
      expires_in: dice.pick<unknown>(["3599", -1, null, "soon", 1e12]),
    };
  }
  const ids: readonly unknown[] = [
    id,
    id,
    id,
    id,
    "ws_CO_0",
    "",
    null,
    5,
    `${id} `,
    "x".repeat(80),
  ];
  const body =
    call === "push"
      ? accepting(dice.pick(ids))
      : resulting(dice.pick(ids), dice.pick<unknown>(CODES));
  if (dice.chance(0.3)) body.ResponseCode = dice.pick<unknown>(CODES);
  if (dice.chance(0.2)) delete body[dice.pick(Object.keys(body))];
  if (dice.chance(0.1)) return { Body: body };
  if (dice.chance(0.1))
    return { ...body, errorCode: "500.001.1001", errorMessage: "Wrong credentials" };
  return dice.chance(0.05) ? [body] : body;
}

function spoilt(dice: Dice, text: string): string {
  const at = dice.int(text.length + 1);
  switch (dice.int(8)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + dice.pick([...'"{}[]:,0 \\\u0000']) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1);
    case 3:
      return text.replace(/"ResultCode":[^,}]+/, (one) => `${one},"ResultCode":"0"`);
    case 4:
      return `\ufeff${text}`;
    case 5:
      return text + dice.pick(["x", "{}", HTML, text]);
    case 6:
      return HTML.replace("502", text);
    default:
      return dice.chance(0.2) ? text + " ".repeat(80_000) : text.toLowerCase();
  }
}

function byteSpoilt(dice: Dice, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  if (changed.length > 0) changed[dice.int(changed.length)] = dice.int(256);
  return changed;
}
