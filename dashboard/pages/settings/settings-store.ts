/** The settings as the page shows them. */
import { signal } from "@preact/signals";
import type { SettingsView } from "../../../shared/settings-api.ts";
import type { Failure } from "../../client.ts";
import { readSettings } from "../../settings-client.ts";

export type SettingsReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: SettingsView };

export const settings = signal<SettingsReading>({ kind: "loading" });

/** Reads them anew; what is shown stays until the answer is there. */
export async function openSettings(): Promise<void> {
  const answer = await readSettings();
  if (answer.ok) settings.value = { kind: "ready", view: answer.value };
  else if (settings.peek().kind !== "ready") {
    settings.value = { kind: "failed", failure: answer.failure };
  }
}

/** Takes the settings that a change answered with. */
export function takeSettings(view: SettingsView): void {
  settings.value = { kind: "ready", view };
}
