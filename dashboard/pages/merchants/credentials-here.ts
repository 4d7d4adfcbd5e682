import { session } from "../../session.ts";
import type { Credentials } from "./draft.ts";

/** Whether merchants need credentials of M-Pesa here: the simulator's do not. */
export function credentialsHere(): Credentials {
  const now = session.value;
  return now.kind === "in" && now.view.environment === "simulator" ? "none" : "wanted";
}
