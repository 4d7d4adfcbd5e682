import type { DashboardPayment } from "../../../shared/api.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { hasSeveral, merchantName } from "../../merchant-choice.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { type Fact, Facts } from "../../ui/facts.tsx";

/** What was agreed when the payment was opened, and its names here and on M-PESA's side. */
export function PaymentFacts({ payment }: { readonly payment: DashboardPayment }) {
  const now = Date.now();
  const { paidAt, phoneNumber, description } = payment;
  const facts: (Fact | null)[] = [
    {
      name: say("fact.order"),
      value: <Copied text={payment.orderReference} label={say("payment.copyOrder")} />,
    },
    hasSeveral() ? { name: say("merchants.which"), value: merchantName(payment.merchantId) } : null,
    { name: say("fact.account"), value: <span class="code">{payment.accountReference}</span> },
    description === null ? null : { name: say("fact.description"), value: description },
    phoneNumber === null ? null : { name: say("fact.phone"), value: phoneNumber },
    paidAt === null ? null : { name: say("fact.paidAt"), value: moment(paidAt, now) },
    { name: say("fact.created"), value: moment(payment.createdAt, now) },
    payment.closed || paidAt !== null
      ? null
      : { name: say("fact.expires"), value: moment(payment.expiresAt, now) },
    { name: say("fact.source"), value: say(`amountSource.${payment.amountSource}`) },
    {
      name: say("fact.id"),
      value: <Copied text={payment.id} label={say("payment.copyId")} look="code" />,
    },
    ...Object.entries(payment.metadata).map(([name, value]) => ({ name, value })),
  ];
  return <Facts facts={facts.filter((fact) => fact !== null)} />;
}

interface CopiedProps {
  readonly text: string;
  readonly label: string;
  readonly look?: "code" | "plain";
}

function Copied({ text, label, look = "plain" }: CopiedProps) {
  return (
    <span class="copied">
      <span class={look === "code" ? "code long" : "long"}>{text}</span>
      <CopyButton
        text={text}
        label={label}
        word={say("payment.copy")}
        done={say("payment.copied")}
      />
    </span>
  );
}
