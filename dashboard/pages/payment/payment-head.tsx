import { useEffect, useRef, useState } from "preact/hooks";
import type { DashboardPayment } from "../../../shared/api.ts";
import { nairobiDay } from "../../../shared/nairobi.ts";
import type { Word } from "../../dictionary/en.ts";
import { say } from "../../dictionary/words.ts";
import { clockTime, duration, kes, moment } from "../../format.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Pill } from "../../ui/pill.tsx";
import { FLAG_TONES, STATUS_MARKS } from "../marks.ts";

/** Amount, status in words, the proof, what is odd, and what happens next. */
export function PaymentHead({ payment }: { readonly payment: DashboardPayment }) {
  const { status, receipt, flags, nextLookAt, retryAt } = payment;
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
      {nextLookAt !== null && <NextLook at={nextLookAt} />}
      {retryAt !== null && Date.parse(retryAt) > Date.now() && (
        <p class="soft">{say("story.retryAt", { time: clockTime(retryAt) })}</p>
      )}
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

/** When the resolver asks again, counting down by the browser's clock. */
function NextLook({ at }: { readonly at: string }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const left = Date.parse(at) - now;
  const sameDay = nairobiDay(Date.parse(at)) === nairobiDay(now);
  const soon = left <= 0 ? say("story.next.now") : inDuration(left);
  return (
    <p class="soft">
      {say("story.next", { time: sameDay ? clockTime(at) : moment(at, now) })} ({soon})
    </p>
  );
}

function inDuration(ms: number): string {
  return say("story.next.in", { duration: duration(ms) });
}
