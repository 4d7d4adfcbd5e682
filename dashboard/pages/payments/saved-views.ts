/** Filters that a person gave a name, kept per browser. */
import { kept } from "../../kept.ts";

export interface SavedView {
  readonly name: string;
  /** The list's address with the filter. */
  readonly path: string;
}

/** More would be looked for longer than a filter is set anew. */
export const VIEWS_MAX = 30;
export const VIEW_NAME_MAX = 40;

export const savedViews = kept<readonly SavedView[]>("lipia.views", (value) =>
  Array.isArray(value) ? value.filter(isView).slice(0, VIEWS_MAX) : [],
);

/** Keeps a view under its name; the same name again is that view anew. */
export function saveView(view: SavedView): void {
  const others = savedViews.peek().filter(({ name }) => name !== view.name);
  savedViews.value = [...others, view]
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, VIEWS_MAX);
}

export function deleteView(name: string): void {
  savedViews.value = savedViews.peek().filter((view) => view.name !== name);
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== "object" || value === null) return false;
  if (!("name" in value && "path" in value)) return false;
  const { name, path } = value;
  return typeof name === "string" && typeof path === "string" && path.startsWith("/dashboard/");
}
