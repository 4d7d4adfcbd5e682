/**
 * Structured logs. Only fields on the list are written, and runs of digits long enough to be a
 * phone number are masked in every value, so that a new call site cannot leak one (I23).
 */
import { type DestinationStream, pino } from "pino";
import { steadyErrorOutput } from "./log-output.ts";
import { LOG_FIELDS, type Log, type LogFields } from "./ports.ts";

const ALLOWED: ReadonlySet<string> = new Set(LOG_FIELDS);
/**
 * What a line may not carry: keys, tokens, the macs of callback addresses, and digits that may be a phone number, also as people
 * write them. Our own ids go first, so that the digits inside them stay readable.
 */
const SENSITIVE =
  /(?<own>\b(?:[a-z]{2,4}_)?[0-9a-f]{32}\b)|\b(?:ct|sk|pk|sgn|whsec)_[\w+/=-]{6,}|Bearer\s+\S+|\b[0-9a-fA-F]{64}\b|(?<digits>\d{9,}|(?:\+?254|\b0)(?:[ ().-]{0,2}\d){9})/g;
/** No number on the list grows this large; a phone number does. */
const NUMBER_MAX = 100_000_000;

/** Masks what might be a phone number, token or key inside free text; our own ids stay readable. */
export function scrub(text: string): string {
  return text.replace(SENSITIVE, (match, own?: string, digits?: string) => {
    if (own !== undefined) return own;
    return digits === undefined ? "[secret]" : `[…${match.slice(-3)}]`;
  });
}

function scrubbed(value: LogFields[keyof LogFields]): unknown {
  if (typeof value === "string") return scrub(value);
  return typeof value === "number" && Math.abs(value) >= NUMBER_MAX ? scrub(String(value)) : value;
}

function allowed(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!ALLOWED.has(name) || value === undefined) continue;
    kept[name] = scrubbed(value);
  }
  return kept;
}

/** A JSON-lines log on standard error, so that commands keep standard output for their answer. */
export function createLog(
  level: string,
  destination: DestinationStream = steadyErrorOutput(),
): Log {
  const base = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    info: (event, fields = {}) => base.info(allowed(fields), event),
    warn: (event, fields = {}) => base.warn(allowed(fields), event),
    error: (event, fields = {}) => base.error(allowed(fields), event),
  };
}
