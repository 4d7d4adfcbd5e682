import { useState } from "preact/hooks";
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import { parseReceipt } from "../../../shared/receipt.ts";
import { holdsNumber } from "../../../shared/redaction.ts";
import { say } from "../../dictionary/words.ts";
import { kes } from "../../format.ts";
import {
  type ByHand,
  type ByReceipt,
  postConfirm,
  postFail,
  postReverse,
} from "../../payment-client.ts";
import { session } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { failureText } from "../failure.tsx";
import { ActForm } from "./act-form.tsx";
import { type Allowed, actionNamed, whyNotText } from "./action-words.ts";
import { AttemptChoice } from "./attempt-choice.tsx";
import { type ReceiptDraft, ReceiptFields, receiptDraft } from "./receipt-fields.tsx";
import { refusalOf, useSending } from "./use-sending.ts";

export type ByHandName = "confirm" | "fail" | "reverse";

interface ByHandDialogProps {
  readonly name: ByHandName;
  /** The payment as the page shows it this moment: a decision names its version. */
  readonly detail: DashboardPaymentDetail;
  readonly onClose: () => void;
  /** `proposed`: it waits for a second person. */
  readonly onDone: (came: "done" | "proposed") => void;
}

/** A decision about money: named, with what it does, and under whose name it is written down. */
export function ByHandDialog(props: ByHandDialogProps) {
  const { name, detail, onClose } = props;
  const amount = kes(detail.payment.amount);
  const action = actionNamed(detail, name);
  return (
    <Dialog title={say(`act.${name}.title`, { amount })} onClose={onClose}>
      {action.kind === "allowed" ? (
        <Question {...props} action={action} />
      ) : (
        <>
          <Notice tone="doubt" icon="alert" role="alert">
            {whyNotText(action)}
          </Notice>
          <p class="settings-actions">
            <Button onClick={onClose}>{say("act.close")}</Button>
          </p>
        </>
      )}
    </Dialog>
  );
}

const REASON_MIN = 10;
const REASON_MAX = 300;
const FIELDS = ["receipt", "amount", "reason"] as const;
type FieldName = (typeof FIELDS)[number];
type Faults = Readonly<Partial<Record<FieldName, string>>>;

function Question(props: ByHandDialogProps & { readonly action: Allowed }) {
  const { name, detail, action, onClose, onDone } = props;
  const { payment } = detail;
  const [attemptId, setAttempt] = useState(action.attempts.at(-1) ?? "");
  const [reason, setReason] = useState("");
  const [draft, setDraft] = useState<ReceiptDraft>(() => receiptDraft(payment));
  const [faults, setFaults] = useState<Faults>({});
  const { trying, send } = useSending((now) => onDone(now.proposal === null ? "done" : "proposed"));
  const submit = () => {
    const found = faultsOf(name, reason, draft);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    const decision = { version: payment.version, attemptId, reason: reason.trim() };
    void send(() => post(name, payment.id, decision, draft));
  };
  const errorOf = (field: FieldName): string | null => {
    const refusal = refusalOf(trying, field);
    return faults[field] ?? (refusal === null ? null : failureText(refusal));
  };
  const chosen = detail.attempts.find(({ id }) => id === attemptId);
  const customerCode = chosen?.customerCode ?? null;
  const otherDay = refusalOf(trying, "receipt")?.code === "receipt_other_day";
  return (
    <ActForm
      submit={say(`act.${name}.go`)}
      trying={trying}
      fields={FIELDS}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{say(`act.${name}.text`, { order: payment.orderReference })}</p>
      {name !== "fail" && <TwoPeople detail={detail} amount={draft.amount} />}
      <AttemptChoice
        payment={payment}
        ids={action.attempts}
        value={attemptId}
        onChange={setAttempt}
      />
      {name !== "fail" && (
        <ReceiptFields
          kind={name}
          asked={payment.amount}
          customerCode={name === "confirm" ? customerCode : null}
          draft={draft}
          otherDay={otherDay || draft.otherDay === "accepted" ? "asked" : "no"}
          receiptError={errorOf("receipt")}
          amountError={errorOf("amount")}
          onChange={setDraft}
        />
      )}
      <TextArea
        label={say("act.reason")}
        name="reason"
        rows={2}
        maxLength={REASON_MAX}
        hint={say("act.reasonHint")}
        value={reason}
        onInput={setReason}
        error={errorOf("reason")}
      />
      <p class="soft">{say("act.written", { name: whoSits() })}</p>
    </ActForm>
  );
}

/** Said before it is asked: one person is not enough here. */
function TwoPeople({ detail, amount }: Pick<ByHandDialogProps, "detail"> & { amount: string }) {
  const { payment, twoPersonFrom: from } = detail;
  if (from === null || Math.max(payment.amount, Number(amount) || 0) < from) return null;
  return (
    <Notice tone="wait" icon="person">
      {say("act.twoPeople", { amount: kes(from) })}
    </Notice>
  );
}

function whoSits(): string {
  const now = session.value;
  return now.kind === "in" ? now.view.user.email : "";
}

/** What the server would refuse, said before it is asked. */
function faultsOf(name: ByHandName, reason: string, draft: ReceiptDraft): Faults {
  const faults: Partial<Record<FieldName, string>> = {};
  if (reason.trim().length < REASON_MIN) faults.reason = say("act.reasonShort");
  else if (holdsNumber(reason)) faults.reason = say("act.reasonNumber");
  if (name === "fail") return faults;
  if (parseReceipt(draft.receipt) === null) faults.receipt = say("act.receiptBad");
  if (!/^[1-9]\d{0,5}$/.test(draft.amount.trim())) faults.amount = say("act.amountBad");
  return faults;
}

function post(name: ByHandName, id: string, decision: ByHand, draft: ReceiptDraft) {
  if (name === "fail") return postFail(id, decision);
  const { receipt, otherDay } = draft;
  const proof: ByReceipt = { ...decision, receipt, amount: Number(draft.amount), otherDay };
  return name === "confirm" ? postConfirm(id, proof) : postReverse(id, proof);
}
