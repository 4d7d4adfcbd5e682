/** Fetches the list as a file: what is shown, in the columns that are shown. */
import type { ExportFormat, PaymentColumn } from "../shared/payment-columns.ts";
import type { Locale } from "../shared/words.ts";
import { type Answer, failureOf, reachable, withProof } from "./client.ts";
import { filterQuery, type ListFilter } from "./list-filter.ts";
import { isPrivate } from "./private-search.ts";

export interface ExportWish {
  readonly filter: ListFilter;
  readonly columns: readonly PaymentColumn[];
  readonly format: ExportFormat;
  readonly numbers: "masked" | "whole";
  readonly locale: Locale;
}

interface Fetching {
  /** Ends it; what came so far is dropped. */
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/** The whole file, or why there is none: never a half. */
export function fetchExport(wish: ExportWish, fetching: Fetching): Promise<Answer<File>> {
  return withProof(() => fetchOnce(wish, fetching));
}

async function fetchOnce(wish: ExportWish, { signal, onBytes }: Fetching): Promise<Answer<File>> {
  try {
    const response = await request(wish, signal);
    reachable.value = true;
    if (!response.ok || response.body === null) {
      const parsed: unknown = await response.json().catch(() => null);
      return { ok: false, failure: failureOf(response, parsed) };
    }
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      bytes += next.value.length;
      onBytes(bytes);
    }
    const type = response.headers.get("Content-Type") ?? "";
    return { ok: true, value: new File(chunks, nameOf(response, wish.format), { type }) };
  } catch {
    if (!signal.aborted) reachable.value = false;
    return { ok: false, failure: { kind: "unreachable" } };
  }
}

/**
 * Whole numbers are asked for in a body: no address must bring them, whoever follows it. So is what
 * was searched by a number, which no address may hold.
 */
function request(wish: ExportWish, signal: AbortSignal): Promise<Response> {
  const { filter, columns, format, numbers, locale } = wish;
  const query = filterQuery(filter);
  query.set("columns", columns.join(","));
  query.set("format", format);
  query.set("locale", locale);
  const shared = { credentials: "same-origin", cache: "no-store", signal } as const;
  if (numbers === "masked" && !isPrivate(filter.search)) {
    return fetch(`/dashboard/api/payments/export?${query}`, shared);
  }
  const path = numbers === "masked" ? "payments/search/export" : "payments/export-numbers";
  return fetch(`/dashboard/api/${path}`, {
    ...shared,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(query)),
  });
}

function nameOf(response: Response, format: ExportFormat): string {
  const told = response.headers.get("Content-Disposition") ?? "";
  return /filename="([^"]+)"/.exec(told)?.[1] ?? `lipia-payments.${format}`;
}
