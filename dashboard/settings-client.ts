/** The settings' part of /dashboard/api. */
import type { KeyView, NewKeyAnswer, SettingsView } from "../shared/settings-api.ts";
import type { TwoPersonView } from "../shared/two-people-api.ts";
import { type Answer, call } from "./client.ts";
import { merchantNow, pathAbout } from "./merchant-choice.ts";

export function readSettings(): Promise<Answer<SettingsView>> {
  return call("GET", about("settings"));
}

/** `was` is the list as this page read it; somebody else's change meanwhile is a refusal `stale`. */
export function postOrigins(
  origins: readonly string[],
  was: readonly string[],
): Promise<Answer<SettingsView>> {
  return call("POST", about("settings/origins"), { origins, was });
}
export function postNewKey(kind: KeyView["kind"]): Promise<Answer<NewKeyAnswer>> {
  return call("POST", about("settings/keys"), { kind });
}
export function postRevokeKey(id: string): Promise<Answer<SettingsView>> {
  return call("POST", about(`settings/keys/${encodeURIComponent(id)}/revoke`), {});
}

/** Of the merchant that the page is about. */
function about(path: string): string {
  return pathAbout(path, merchantNow());
}
export function readTwoPerson(): Promise<Answer<TwoPersonView>> {
  return call("GET", "settings/two-person");
}
/** `was` is the amount as this page read it; null: one person is enough. */
export function postTwoPerson(
  from: number | null,
  was: number | null,
): Promise<Answer<TwoPersonView>> {
  return call("POST", "settings/two-person", { from, was });
}
