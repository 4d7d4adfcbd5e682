import type { DashboardPayment } from "../../../shared/api.ts";
import { say } from "../../dictionary/words.ts";
import { clockTime, dayWord, kes } from "../../format.ts";
import { PATHS, paymentPath } from "../../paths.ts";
import { Pill } from "../../ui/pill.tsx";
import { STATUS_MARKS } from "../marks.ts";

interface LatestProps {
  readonly payments: readonly DashboardPayment[];
  /** The server's clock: days are its days. */
  readonly now: string;
}

/** The newest payments as they happen. */
export function Latest({ payments, now }: LatestProps) {
  return (
    <section class="panel" aria-labelledby="latest">
      <h2 id="latest">{say("latest.title")}</h2>
      <ol class="stream">
        {payments.map((payment) => (
          <Line key={payment.id} payment={payment} now={Date.parse(now)} />
        ))}
      </ol>
      <p class="panel-foot">
        <a href={PATHS.payments}>{say("latest.all")}</a>
      </p>
    </section>
  );
}

function Line({ payment, now }: { readonly payment: DashboardPayment; readonly now: number }) {
  const { id, status, createdAt, orderReference, amount } = payment;
  const { tone, icon } = STATUS_MARKS[status];
  const reason = payment.attempts.at(-1)?.reason ?? null;
  return (
    <li>
      <time class="stream-time" dateTime={createdAt} title={say("time.zone")}>
        {dayWord(createdAt, now) === say("time.today")
          ? clockTime(createdAt)
          : dayWord(createdAt, now)}
      </time>
      <a class="stream-order" href={paymentPath(id)} title={orderReference}>
        {orderReference}
      </a>
      <span class="stream-amount">{kes(amount)}</span>
      <span class="stream-status">
        <Pill tone={tone} icon={icon}>
          {say(`status.${status}`)}
        </Pill>
        {reason !== null && status !== "confirmed" && (
          <span class="soft">{say(`reason.${reason}`)}</span>
        )}
      </span>
    </li>
  );
}
