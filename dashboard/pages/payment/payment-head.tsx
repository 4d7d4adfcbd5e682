import { useEffect, useRef } from "preact/hooks";
import type { DashboardPayment, DashboardPaymentDetail } from "../../../shared/api.ts";
import type { Word } from "../../dictionary/en.ts";
import { say } from "../../dictionary/words.ts";
import { kes } from "../../format.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Pill } from "../../ui/pill.tsx";
import { FLAG_TONES, STATUS_MARKS } from "../marks.ts";
import { whatNext } from "./what-next.ts";

/** Amount, status in words, the proof, what is odd, and what happens next. */
export function PaymentHead({ detail }: { readonly detail: DashboardPaymentDetail }) {
  const { payment } = detail;
  const { status, receipt, flags } = payment;
  const { tone, icon } = STATUS_MARKS[status];
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <header class="head">
      <div class="head-top">
        <h1 class="head-amount" ref={title} tabIndex={-1}>
          {kes(payment.amount)}
        </h1>
        <div class="head-status" role="status">
          <Pill tone={tone} icon={icon}>
            {say(`status.${status}`)}
          </Pill>
        </div>
        {receipt !== null && (
          <p class="head-receipt">
            <span class="soft">{say("payment.receipt")}</span>
            <span class="code">{receipt}</span>
            <CopyButton
              text={receipt}
              label={say("payment.copyReceipt", { receipt })}
              word={say("payment.copy")}
              done={say("payment.copied")}
            />
          </p>
        )}
      </div>
      <p class="head-story">{say(storyWord(payment))}</p>
      <p class="head-next">{whatNext(detail, Date.now()).join(" ")}</p>
      {flags.map((flag) => (
        <Notice key={flag} tone={FLAG_TONES[flag]} icon="alert">
          <strong>{say(`flag.${flag}`)}.</strong> {say(`flagHelp.${flag}`)}
        </Notice>
      ))}
    </header>
  );
}

/** Which sentence tells the status; cancelled, expired and failed read otherwise once it is over. */
function storyWord({ status, closed }: DashboardPayment): Word {
  switch (status) {
    case "cancelled":
    case "expired":
    case "failed":
      return closed ? `story.${status}.closed` : `story.${status}`;
    case "open":
    case "pending":
    case "in_doubt":
    case "confirmed":
    case "review":
    case "reversed":
      return `story.${status}`;
  }
}
