/** What a database holds, in words. */
import type { FileReport } from "../db/sqlite-file.ts";

const MIB = 1024 * 1024;

export function sizeWords(bytes: number): string {
  return bytes < 1024 * MIB
    ? `${(bytes / MIB).toFixed(1)} MiB`
    : `${(bytes / MIB / 1024).toFixed(1)} GiB`;
}

/** `12 payments, 13 prompts, 12 callbacks; newest change 2026-…`. */
export function holdingsWords({ payments, attempts, callbacks, newestAt }: FileReport): string {
  const newest = newestAt === null ? "" : `; newest change ${new Date(newestAt).toISOString()}`;
  const of = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  return `${of(payments, "payment")}, ${of(attempts, "prompt")}, ${of(callbacks, "callback")}${newest}`;
}
