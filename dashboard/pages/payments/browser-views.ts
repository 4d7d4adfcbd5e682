/** Views that a browser kept for itself; a person may take them along, and then they are gone here. */
import type { SavedView } from "../../../shared/views-api.ts";
import type { Failure } from "../../client.ts";
import { kept } from "../../kept.ts";
import { filterFromQuery, filterQuery } from "../../list-filter.ts";
import { saveView, viewsReading } from "./views-store.ts";

interface BrowserView {
  readonly name: string;
  /** The list's address with the filter. */
  readonly path: string;
}

export const browserViews = kept<readonly BrowserView[]>("lipia.views", (value) =>
  Array.isArray(value) ? value.filter(isView) : [],
);

export function forgetBrowserViews(): void {
  browserViews.value = [];
}

/**
 * Moves them one by one. What the server refuses for its own sake stays here; the first failure
 * that the next would meet as well ends the move.
 */
export async function moveBrowserViews(): Promise<Failure | null> {
  let refused: Failure | null = null;
  for (const view of browserViews.peek()) {
    const failure = await move(view);
    if (failure === null) {
      browserViews.value = browserViews.peek().filter((other) => other !== view);
    } else if (failure.kind === "refused" && failure.param !== null) {
      refused = failure;
    } else {
      return failure;
    }
  }
  return refused;
}

async function move({ name, path }: BrowserView): Promise<Failure | null> {
  const query = queryOf(path);
  const now = viewsReading.peek();
  const there = now.kind === "ready" ? now.views : [];
  const isThere = there.some((view) => view.query === query && sameName(view.name, name));
  return query === "" || isThere ? null : saveView(freeName(name, there), query);
}

/** A name of this browser does not take the place of the same name elsewhere. */
function freeName(name: string, there: readonly Pick<SavedView, "name">[]): string {
  const isFree = (wanted: string) => !there.some((view) => sameName(view.name, wanted));
  if (isFree(name)) return name;
  let n = 2;
  while (!isFree(`${name} (${n})`)) n++;
  return `${name} (${n})`;
}

function sameName(one: string, other: string): boolean {
  const key = (name: string) => name.normalize("NFC").toLowerCase();
  return key(one) === key(other);
}

function queryOf(path: string): string {
  const [, query = ""] = path.split("?");
  return filterQuery(filterFromQuery(Object.fromEntries(new URLSearchParams(query)))).toString();
}

function isView(value: unknown): value is BrowserView {
  if (typeof value !== "object" || value === null) return false;
  if (!("name" in value && "path" in value)) return false;
  const { name, path } = value;
  return typeof name === "string" && typeof path === "string" && path.startsWith("/dashboard/");
}
