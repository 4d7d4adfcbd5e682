/** A log that looks for what may not stand in it: phone numbers, ids that end in them, macs (I23). */
import type { Log, LogFields } from "../ports.ts";
import type { World } from "./world.ts";

const SECRET = /2547\d{8}|ws_CO_|[0-9a-f]{64}/;
/** Our own ids are hex and may spell a phone number by chance. */
const OWN_ID = /\b(?:[a-z]+_)?[0-9a-f]{32}\b/g;

export function watchedLog({ trace }: World): Log {
  function look(event: string, fields: LogFields = {}): void {
    for (const value of Object.values(fields)) {
      if (typeof value === "string" && SECRET.test(value.replace(OWN_ID, "")))
        trace.broken("I23", `${event} tells a secret`);
    }
  }
  return { info: look, warn: look, error: look };
}
