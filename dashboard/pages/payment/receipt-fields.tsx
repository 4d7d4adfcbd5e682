import type { DashboardPayment } from "../../../shared/api.ts";
import { parseReceipt, receiptDate } from "../../../shared/receipt.ts";
import { say } from "../../dictionary/words.ts";
import { CheckBox } from "../../ui/check-box.tsx";
import { Field } from "../../ui/field.tsx";

/** What is typed so far. */
export interface ReceiptDraft {
  readonly receipt: string;
  readonly amount: string;
  readonly otherDay: "unseen" | "accepted";
}

/** The amount is filled in, except where the question is what it was. */
export function receiptDraft({ amount, flags }: DashboardPayment): ReceiptDraft {
  const known = !flags.includes("amountMismatch");
  return { receipt: "", amount: known ? String(amount) : "", otherDay: "unseen" };
}

interface ReceiptFieldsProps {
  readonly kind: "confirm" | "reverse";
  /** The code that the customer told, or null. */
  readonly customerCode: string | null;
  /** What was asked for, in whole shillings. */
  readonly asked: number;
  readonly draft: ReceiptDraft;
  /** `asked`: the receipt's letters name another day, and a person must say that it is right. */
  readonly otherDay: "asked" | "no";
  readonly receiptError: string | null;
  readonly amountError: string | null;
  readonly onChange: (draft: ReceiptDraft) => void;
}

/** The proof from M-PESA's statement: receipt and amount. */
export function ReceiptFields(props: ReceiptFieldsProps) {
  const { kind, draft, receiptError, amountError, onChange } = props;
  return (
    <>
      <Field
        label={say(kind === "confirm" ? "act.receipt" : "act.reverse.receipt")}
        type="text"
        name="receipt"
        autocomplete="off"
        value={draft.receipt}
        hint={receiptHint(draft.receipt)}
        onInput={(receipt) => onChange({ ...draft, receipt, otherDay: "unseen" })}
        error={receiptError}
      />
      {props.customerCode !== null && (
        <p class="soft">{say("act.customerCode", { code: props.customerCode })}</p>
      )}
      {props.otherDay === "asked" && (
        <CheckBox
          label={say("act.otherDay")}
          value={draft.otherDay === "accepted" ? "on" : "off"}
          onChange={(tick) =>
            onChange({ ...draft, otherDay: tick === "on" ? "accepted" : "unseen" })
          }
        />
      )}
      <Field
        label={say("act.amount")}
        type="text"
        name="amount"
        autocomplete="off"
        value={draft.amount}
        hint={amountHint(kind, Number(draft.amount), props.asked)}
        onInput={(amount) => onChange({ ...draft, amount })}
        error={amountError}
      />
    </>
  );
}

/** Another amount than was asked for has consequences, and they are said before. */
function amountHint(kind: "confirm" | "reverse", amount: number, asked: number): string {
  if (kind === "reverse") return say("act.amountBack");
  if (amount > 0 && amount < asked) return say("act.amountLess");
  return say(amount > asked ? "act.amountMore" : "act.amountHint");
}

/** A whole receipt tells its day: whoever mistyped a letter sees it here first. */
function receiptHint(text: string): string {
  const receipt = parseReceipt(text);
  const date = receipt === null ? null : receiptDate(receipt);
  if (date === null) return say("act.receiptHint");
  const month = say("time.months").split(" ")[date.month - 1];
  return say("act.receiptDay", { day: `${date.day} ${month} ${date.year}` });
}
