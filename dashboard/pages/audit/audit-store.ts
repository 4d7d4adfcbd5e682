/** The audit log as the page shows it: one filter, and the pages read so far. */
import { signal } from "@preact/signals";
import type { AuditList, AuditRowView } from "../../../shared/audit-api.ts";
import { type AuditFilter, readAudit } from "../../audit-client.ts";
import type { Failure } from "../../client.ts";

export type AuditReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | {
      readonly kind: "ready";
      readonly rows: readonly AuditRowView[];
      readonly hasMore: boolean;
      /** What became of asking for older rows. */
      readonly older: "ready" | "busy" | Failure;
    };

export const NO_FILTER: AuditFilter = { actor: null, action: null };

export const auditFilter = signal<AuditFilter>(NO_FILTER);
export const auditReading = signal<AuditReading>({ kind: "loading" });
/** Whom the list may be filtered by; stays while another filter is read. */
export const auditPeople = signal<AuditList["people"]>([]);

/** Counts readings: an answer that another filter has overtaken is dropped. */
let reading = 0;

/** Reads the newest rows that fit. */
export async function openAudit(filter: AuditFilter): Promise<void> {
  reading += 1;
  const mine = reading;
  auditFilter.value = filter;
  auditReading.value = { kind: "loading" };
  const answer = await readAudit(filter, null);
  if (mine !== reading) return;
  if (!answer.ok) {
    auditReading.value = { kind: "failed", failure: answer.failure };
    return;
  }
  const { data, hasMore, people } = answer.value;
  auditPeople.value = people;
  auditReading.value = { kind: "ready", rows: data, hasMore, older: "ready" };
}

/** Reads the next older rows and puts them below. */
export async function readOlder(): Promise<void> {
  const now = auditReading.peek();
  const last = now.kind === "ready" ? now.rows.at(-1) : undefined;
  if (now.kind !== "ready" || last === undefined || now.older === "busy") return;
  const mine = reading;
  auditReading.value = { ...now, older: "busy" };
  const answer = await readAudit(auditFilter.peek(), last.number);
  if (mine !== reading) return;
  auditReading.value = answer.ok
    ? {
        kind: "ready",
        rows: [...now.rows, ...answer.value.data],
        hasMore: answer.value.hasMore,
        older: "ready",
      }
    : { ...now, older: answer.failure };
}
