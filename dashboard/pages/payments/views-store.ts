/** One's own saved views as the menu shows them. */
import { effect, signal } from "@preact/signals";
import type { SavedView, ViewList } from "../../../shared/views-api.ts";
import type { Answer, Failure } from "../../client.ts";
import { session } from "../../session.ts";
import { postDeleteView, postView, readViews } from "../../views-client.ts";

export type ViewsReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly views: readonly SavedView[] };

export const viewsReading = signal<ViewsReading>({ kind: "loading" });

/** Counts what was taken, so that an answer from before a change does not come after it. */
let taken = 0;

// Whoever signs in next in this tab has views of their own.
effect(() => {
  if (session.value.kind === "in") return;
  taken++;
  viewsReading.value = { kind: "loading" };
});

/** Reads them anew; what is shown stays until the answer is there. */
export async function openViews(): Promise<void> {
  const asked = taken;
  if (viewsReading.peek().kind === "failed") viewsReading.value = { kind: "loading" };
  const answer = await readViews();
  if (taken !== asked) return;
  if (answer.ok) take(answer.value);
  else if (viewsReading.peek().kind !== "ready") {
    viewsReading.value = { kind: "failed", failure: answer.failure };
  }
}

/** Keeps a filter under a name; the same name again is that view anew. */
export async function saveView(name: string, query: string): Promise<Failure | null> {
  return changed(await postView(name, query));
}

export async function deleteView(id: string): Promise<Failure | null> {
  const failure = changed(await postDeleteView(id));
  // Another browser was faster: what is shown here is old.
  if (failure?.kind === "refused") void openViews();
  return failure;
}

function changed(answer: Answer<ViewList>): Failure | null {
  if (!answer.ok) return answer.failure;
  take(answer.value);
  return null;
}

function take({ views }: ViewList): void {
  taken++;
  viewsReading.value = { kind: "ready", views };
}
