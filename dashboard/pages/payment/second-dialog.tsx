import { useState } from "preact/hooks";
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import type { ProposalView } from "../../../shared/payment-actions-api.ts";
import { holdsNumber } from "../../../shared/redaction.ts";
import { say } from "../../dictionary/words.ts";
import { postApproval, postDecline } from "../../payment-client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { failureText } from "../failure.tsx";
import { ActForm } from "./act-form.tsx";
import { refusalOf, useSending } from "./use-sending.ts";

export type SecondDoing = "approve" | "decline" | "withdraw";

const REASON_MIN = 10;
const REASON_MAX = 300;

interface SecondDialogProps {
  readonly doing: SecondDoing;
  readonly detail: DashboardPaymentDetail;
  /** As it stood when the question was opened: nothing else is approved. */
  readonly proposal: ProposalView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** A second person's yes or no, each with its reason. */
export function SecondDialog({ doing, detail, proposal, onClose, onDone }: SecondDialogProps) {
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const { trying, send } = useSending(onDone);
  const { id, version } = detail.payment;
  const submit = () => {
    const found = faultOf(reason);
    setFault(found);
    if (found !== null) return;
    const wish = { proposalId: proposal.id, reason: reason.trim() };
    void send(() =>
      doing === "approve" ? postApproval(id, wish, version) : postDecline(id, wish),
    );
  };
  const refusal = refusalOf(trying, "reason");
  const { proposer: name, receipt } = proposal;
  return (
    <Dialog title={say(`proposal.${doing}Title`, { name })} onClose={onClose}>
      <ActForm
        submit={say(`proposal.${doing}`)}
        trying={trying}
        fields={["reason"]}
        onSubmit={submit}
        onClose={onClose}
      >
        <p>{say(`proposal.${doing}Text`, { receipt })}</p>
        <TextArea
          label={say("proposal.why")}
          name="reason"
          rows={2}
          maxLength={REASON_MAX}
          hint={say("proposal.whyHint")}
          value={reason}
          onInput={setReason}
          error={fault ?? (refusal === null ? null : failureText(refusal))}
        />
      </ActForm>
    </Dialog>
  );
}

/** What the server would refuse, said before it is asked. */
function faultOf(reason: string): string | null {
  if (reason.trim().length < REASON_MIN) return say("act.reasonShort");
  return holdsNumber(reason) ? say("act.reasonNumber") : null;
}
