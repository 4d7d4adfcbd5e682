/** A row of the audit log in words: who, what, and the facts beside it. */
import type { AuditRowView } from "../../../shared/audit-api.ts";
import { USER_ROLES } from "../../../shared/permissions.ts";
import { PROMPT_LIMIT_NAMES } from "../../../shared/prompt-limits.ts";
import { say } from "../../dictionary/words.ts";
import { grouped } from "../../format.ts";
import { KIND_ORDER } from "../settings/key-kinds.ts";

type Details = AuditRowView["details"];

/** Details that have a name of their own; others are shown under the one they are stored by. */
const NAMED = [
  "kind",
  "tail",
  "websites",
  "before",
  "role",
  "from",
  "to",
  "wrong",
  "left",
  "device",
  "receipt",
  "amount",
  "reason",
  "phoneTail",
  "sha256",
  "name",
  "accent",
  "logo",
  "ending",
  "attempts",
  "payments",
  "callbacks",
  "notes",
  "references",
  "unopened",
  "format",
  "filter",
  "rows",
  "extent",
  "merchant",
  "shortcode",
  "till",
  "count",
  "proposedBy",
  "approval",
  "what",
  "kinds",
  "days",
  ...PROMPT_LIMIT_NAMES,
] as const;
/** Details that stand in the sentence already, and ids that say nothing to a person. */
const SAID: readonly string[] = ["email", "attemptId", "noteId", "bytes"];

/** How far a file was written. */
const EXTENTS = ["whole", "cut", "left"] as const;

/** A person by address, or who acts when no person does. */
export function whoWords({
  id,
  name,
}: {
  readonly id: string;
  readonly name: string | null;
}): string {
  if (id === "system") return say("audit.system");
  if (id === "command") return say("audit.command");
  return name ?? id;
}

/** What was done, as it follows the name of who did it. */
export function didWords({ action, target, details }: AuditRowView): string {
  const email = typeof details.email === "string" ? details.email : "";
  return say(`audit.did.${action}`, { target: target === null ? "" : whoWords(target), email });
}

/** "Kind: Secret · Ends in: ab12". */
export function factWords({ details }: AuditRowView): string {
  return Object.entries(details)
    .filter(([name, value]) => value !== null && value !== "" && !SAID.includes(name))
    .map(([name, value]) => `${nameWords(name)}: ${valueWords(name, value)}`)
    .join(" · ");
}

function nameWords(name: string): string {
  const known = NAMED.find((one) => one === name);
  return known === undefined ? name : say(`audit.detail.${known}`);
}

function valueWords(name: string, value: Details[string]): string {
  const role = USER_ROLES.find((one) => one === value);
  if (role !== undefined && ["role", "from", "to"].includes(name)) return say(`role.${role}`);
  const kind = KIND_ORDER.find((one) => one === value);
  if (kind !== undefined && name === "kind") return say(`keys.kind.${kind}`);
  if (name === "wrong" && (value === "password" || value === "code" || value === "passkey")) {
    return say(`audit.wrong.${value}`);
  }
  if ((name === "accent" || name === "logo") && (value === "none" || value === "new")) {
    return say(`audit.brand.${value}`);
  }
  const extent = EXTENTS.find((one) => one === value);
  if (extent !== undefined && name === "extent") return say(`audit.extent.${extent}`);
  if (name === "what" && (value === "confirm" || value === "reverse")) {
    return say(`audit.what.${value}`);
  }
  if (value === "off") return say("audit.amount.off");
  if (typeof value === "number") return grouped(value);
  if (name === "websites" || name === "before") return String(value).replaceAll(" ", ", ");
  return String(value);
}
