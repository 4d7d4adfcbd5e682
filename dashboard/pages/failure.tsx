import type { UserRole } from "../../shared/permissions.ts";
import { WHY_NOT } from "../../shared/words.ts";
import type { Failure } from "../client.ts";
import { say, sayCount } from "../dictionary/words.ts";
import { Blank } from "../ui/blank.tsx";
import { Button } from "../ui/button.tsx";

const KNOWN = [
  "receipt_used",
  "more_than_received",
  "wrong_credentials",
  "set_up_done",
  "set_up_token_wrong",
  "cross_site",
  "payment_not_found",
  "stale",
  "key_not_found",
  "wrong_password",
  "person_not_found",
  "yourself",
  "last_owner",
  "invitation_gone",
  "here_already",
  "session_not_found",
  "wrong_code",
  "proof_missing",
  "step_up_needed",
  "factor_on",
  "factor_off",
  "number_in_use",
  "merchant_not_found",
  "merchant_taken",
  "credentials_refused",
  "till_is_store",
  "of_sandbox",
  "mpesa_unreachable",
  "proposal_gone",
  "own_proposal",
  "two_people_needed",
  "passkey_not_found",
  "passkeys_nowhere",
  "passkey_late",
  "passkey_unfit",
  "passkey_unknown",
  "passkey_copied",
  "passkey_taken",
  "passkeys_full",
  "passkey_left",
  "passkey_known",
  "passkey_elsewhere",
  "passkey_unable",
  "passkey_failed",
  "no_mail_server",
] as const;

/** A failure in the person's own language; the server's English only for what is not known here. */
export function failureText(failure: Failure): string {
  switch (failure.kind) {
    case "unreachable":
      return say("problem.offline");
    case "broken":
      return say("problem.broken");
    case "signed_out":
      return say("signIn.ended");
    case "refused": {
      if (failure.code === "too_many_tries") {
        const minutes = Math.max(1, Math.ceil((failure.retryAfterSeconds ?? 60) / 60));
        return say("problem.too_many_tries", { when: sayCount("time.inMinutes", minutes) });
      }
      if (failure.code === "not_allowed" && failure.roles.length > 0) {
        return say("problem.not_allowed", { roles: roleList(failure.roles) });
      }
      if (failure.code === "receipt_other_day") return say("act.receiptOtherDay");
      const why = WHY_NOT.find((code) => code === failure.code);
      if (why !== undefined) return say(`why.${why}`);
      const known = KNOWN.find((code) => code === failure.code);
      return known === undefined ? failure.message : say(`problem.${known}`);
    }
  }
}

/** "Owners and managers". */
export function roleList(roles: readonly UserRole[]): string {
  const words = roles.map((role) => say(`roles.${role}`));
  const [last = "", ...rest] = words.reverse();
  const list =
    rest.length === 0 ? last : say("roles.and", { some: rest.reverse().join(", "), last });
  return list.charAt(0).toUpperCase() + list.slice(1);
}

interface FailedProps {
  readonly title: string;
  readonly failure: Failure;
  readonly onRetry: () => void;
  /** 1 where the failure is all there is on the page. */
  readonly level?: 1 | 2;
}

/** A page's content could not be read; the one thing to do is to try again. */
export function Failed({ title, failure, onRetry, level }: FailedProps) {
  const offline = failure.kind === "unreachable";
  return (
    <Blank
      icon={offline ? "offline" : "alert"}
      title={title}
      text={failureText(failure)}
      urgency="alert"
      level={level}
    >
      <Button onClick={onRetry}>{say("problem.retry")}</Button>
      {failure.kind === "broken" && failure.requestId !== "" && (
        <p class="blank-note">{say("problem.request", { id: failure.requestId })}</p>
      )}
    </Blank>
  );
}
