import { PASSWORD_MAX, PASSWORD_MIN } from "../../shared/password-rules.ts";
import { say } from "../dictionary/words.ts";

/** What is wrong with a password that somebody chooses, or null. */
export function passwordProblem(password: string): string | null {
  if (password.length < PASSWORD_MIN) return say("setUp.passwordShort");
  return password.length > PASSWORD_MAX ? say("setUp.passwordLong") : null;
}
