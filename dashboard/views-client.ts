/** A person's saved views in /dashboard/api. Every change answers with the list as it is then. */
import type { ViewList } from "../shared/views-api.ts";
import { type Answer, call } from "./client.ts";

export function readViews(): Promise<Answer<ViewList>> {
  return call("GET", "views");
}
/** @param query as it stands in the list's address after the question mark. */
export function postView(name: string, query: string): Promise<Answer<ViewList>> {
  return call("POST", "views", { name, query });
}
export function postDeleteView(id: string): Promise<Answer<ViewList>> {
  return call("POST", `views/${encodeURIComponent(id)}/delete`, {});
}
