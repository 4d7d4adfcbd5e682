/**
 * Structured logs. Only fields on the list are written, and runs of digits long enough to be a
 * phone number are masked in every value, so that a new call site cannot leak one (I23).
 */
import { type DestinationStream, pino } from "pino";
import type { Log, LogFields } from "./ports.ts";

const ALLOWED: ReadonlySet<string> = new Set([
  "address",
  "attemptId",
  "because",
  "cause",
  "code",
  "count",
  "description",
  "durationMs",
  "environment",
  "error",
  "event",
  "from",
  "host",
  "kind",
  "merchantId",
  "method",
  "path",
  "paymentId",
  "port",
  "reason",
  "receipt",
  "requestId",
  "route",
  "signal",
  "stack",
  "state",
  "status",
  "to",
  "userId",
  "version",
]);
const DIGITS = /\d{9,}/g;
const TOKENS = /\b(?:ct|sk|pk|sgn|whsec)_[A-Za-z0-9_-]{6,}|Bearer\s+\S+/g;
const HEX_ID = /\b(?:pay_)?[0-9a-f]{32}\b/;

/** Masks what might be a phone number, token or key inside free text; our own ids stay readable. */
export function scrub(text: string): string {
  if (HEX_ID.test(text) && text.length <= 36) return text;
  return text.replace(TOKENS, "[secret]").replace(DIGITS, (run) => `[…${run.slice(-3)}]`);
}

function allowed(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!ALLOWED.has(name) || value === undefined) continue;
    kept[name] = typeof value === "string" ? scrub(value) : value;
  }
  return kept;
}

/** A JSON-lines log on standard error, so that commands keep standard output for their answer. */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination(2),
): Log {
  const base = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    info: (event, fields = {}) => base.info(allowed(fields), event),
    warn: (event, fields = {}) => base.warn(allowed(fields), event),
    error: (event, fields = {}) => base.error(allowed(fields), event),
  };
}
