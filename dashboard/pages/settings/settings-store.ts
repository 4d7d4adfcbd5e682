/** The settings as the page shows them. */
import { signal } from "@preact/signals";
import type { SettingsView } from "../../../shared/settings-api.ts";
import type { Failure } from "../../client.ts";
import { merchantNow } from "../../merchant-choice.ts";
import { readSettings } from "../../settings-client.ts";

export type SettingsReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: SettingsView };

export const settings = signal<SettingsReading>({ kind: "loading" });

/** Reads them; what is shown stays until the answer is there, unless it is another merchant's. */
export async function openSettings(shown: "stays" | "anew" = "stays"): Promise<void> {
  const asked = merchantNow();
  if (shown === "anew") settings.value = { kind: "loading" };
  const answer = await readSettings();
  if (asked !== merchantNow()) return;
  if (answer.ok) settings.value = { kind: "ready", view: answer.value };
  else if (settings.peek().kind !== "ready") {
    settings.value = { kind: "failed", failure: answer.failure };
  }
}

/** Takes the settings that a change answered with, if the page is about that merchant still. */
export function takeSettings(view: SettingsView): void {
  const now = settings.peek();
  if (now.kind !== "ready" || now.view.merchant.id !== view.merchant.id) return;
  settings.value = { kind: "ready", view };
}
