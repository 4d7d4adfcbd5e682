import { useState } from "preact/hooks";
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import { parsePhone } from "../../../shared/phone.ts";
import { say } from "../../dictionary/words.ts";
import { kes } from "../../format.ts";
import { postPrompt } from "../../payment-client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { failureText } from "../failure.tsx";
import { ActForm } from "./act-form.tsx";
import { actionNamed, whyNotText } from "./action-words.ts";
import { refusalOf, useSending } from "./use-sending.ts";

interface PromptDialogProps {
  readonly detail: DashboardPaymentDetail;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** The same phone or another; rule §8 answers in words when it says no. */
export function PromptDialog({ detail, onClose, onDone }: PromptDialogProps) {
  const { payment } = detail;
  const same = actionNamed(detail, "prompt_same");
  const [choice, setChoice] = useState<"same" | "other">(
    same.kind === "allowed" ? "same" : "other",
  );
  const [number, setNumber] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const { trying, send } = useSending(onDone);
  const refusal = refusalOf(trying, "phoneNumber");
  const submit = () => {
    const bad = choice === "other" && parsePhone(number) === null;
    setFault(bad ? say("act.prompt.numberBad") : null);
    if (!bad) void send(() => postPrompt(payment.id, choice === "same" ? null : number));
  };
  return (
    <Dialog title={say("act.prompt.title", { amount: kes(payment.amount) })} onClose={onClose}>
      <ActForm
        submit={say("act.prompt.go")}
        trying={trying}
        fields={["phoneNumber"]}
        onSubmit={submit}
        onClose={onClose}
      >
        <p>{say("act.prompt.text")}</p>
        {payment.phoneNumber !== null && (
          <Segmented
            label={say("act.prompt.phone")}
            value={choice}
            options={[
              { value: "same", word: say("act.prompt.same", { phone: payment.phoneNumber }) },
              { value: "other", word: say("act.prompt.other") },
            ]}
            onChange={setChoice}
          />
        )}
        {choice === "same" && same.kind === "refused" && <p class="soft">{whyNotText(same)}</p>}
        {choice === "other" && (
          <Field
            label={say("act.prompt.number")}
            type="text"
            name="phoneNumber"
            autocomplete="off"
            value={number}
            hint={say("act.prompt.numberHint")}
            onInput={setNumber}
            error={fault ?? (refusal === null ? null : failureText(refusal))}
          />
        )}
      </ActForm>
    </Dialog>
  );
}
