import type { InvitationView, InviteAnswer } from "../../../shared/people-api.ts";
import { mayManage } from "../../../shared/permissions.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { ownRole } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Asking } from "./people-dialogs.tsx";

/** The link of a new invitation, the only time that it is shown. */
export function FreshLink({
  fresh,
  onDone,
}: {
  readonly fresh: InviteAnswer;
  readonly onDone: () => void;
}) {
  return (
    <Notice tone="good" icon="check" role="status">
      <p>{say("people.fresh")}</p>
      <CodeBlock
        text={fresh.link}
        label={say("people.freshCode")}
        copy={{
          label: say("people.copyLink"),
          word: say("payment.copy"),
          done: say("payment.copied"),
        }}
      />
      <Button onClick={onDone}>{say("people.kept")}</Button>
    </Notice>
  );
}

interface InvitationsProps {
  readonly invitations: readonly InvitationView[];
  readonly onAsk: (asking: Asking) => void;
}

/** Who is invited and has not come yet. */
export function Invitations({ invitations, onAsk }: InvitationsProps) {
  const role = ownRole();
  return (
    <section class="panel" aria-labelledby="invitations">
      <h2 id="invitations">{say("people.invitations")}</h2>
      <ul class="people">
        {invitations.map((invitation) => (
          <li key={invitation.id}>
            <div class="people-words">
              <p class="people-name">
                <strong>{invitation.email}</strong>
              </p>
              <p class="soft">
                <span class="people-role">{say(`role.${invitation.role}`)}</span> ·{" "}
                {say("people.goodUntil", { when: moment(invitation.expiresAt, Date.now()) })}
              </p>
            </div>
            {role !== null && mayManage(role, invitation.role) && (
              <div class="people-doings">
                <Button
                  look="quiet"
                  label={say("people.revokeNamed", { email: invitation.email })}
                  onClick={() => onAsk({ kind: "revoke", invitation })}
                >
                  {say("keys.revoke")}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
