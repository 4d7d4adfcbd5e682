/** Every column of the list and how it shows a payment. */
import type { DashboardPayment } from "../../../shared/api.ts";
import type { PaymentColumn } from "../../../shared/payment-columns.ts";
import { say } from "../../dictionary/words.ts";
import { clockTime, dayWord, kes } from "../../format.ts";
import { merchantName } from "../../merchant-choice.ts";
import { paymentPath } from "../../paths.ts";
import { Pill, Tag } from "../../ui/pill.tsx";
import type { Column } from "../../ui/table.tsx";
import { FLAG_TONES, STATUS_MARKS } from "../marks.ts";
import { cursor } from "./list-store.ts";

type Cell = Column<DashboardPayment>["cell"];

/** Those that are chosen, in their order. */
export function columnsOf(shown: readonly PaymentColumn[]): readonly Column<DashboardPayment>[] {
  const now = Date.now();
  const at: (instant: string | null) => ReturnType<Cell> = (instant) =>
    instant && time(instant, now);
  const cells: Readonly<Record<PaymentColumn, Cell>> = {
    time: ({ createdAt }) => time(createdAt, now),
    amount,
    status,
    order,
    phone: ({ phoneNumber }) => phoneNumber,
    receipt: ({ receipt }) => receipt && <span class="code">{receipt}</span>,
    reason: remark,
    paidAt: ({ paidAt }) => at(paidAt),
    account: ({ accountReference }) => <span class="code">{accountReference}</span>,
    description: ({ description }) =>
      description && (
        <span class="cut" title={description}>
          {description}
        </span>
      ),
    attempts: ({ attempts }) => attempts.length,
    merchant: ({ merchantId }) => (
      <span class="cut" title={merchantName(merchantId)}>
        {merchantName(merchantId)}
      </span>
    ),
    id: ({ id }) => (
      <span class="code cut" title={id}>
        {id}
      </span>
    ),
  };
  return shown.map((key) => ({
    key,
    head: say(`column.${key}`),
    align: key === "amount" || key === "attempts" ? "end" : "start",
    cell: cells[key],
  }));
}

function time(instant: string, now: number) {
  return (
    <time dateTime={instant} title={say("time.zone")}>
      <span class="soft">{dayWord(instant, now)}</span> {clockTime(instant)}
    </time>
  );
}

function amount(payment: DashboardPayment) {
  const [currency, number] = kes(payment.amount).split(" ");
  return (
    <>
      <span class="unit">{currency}</span> {number}
    </>
  );
}

function status(payment: DashboardPayment) {
  const { tone, icon } = STATUS_MARKS[payment.status];
  return (
    <Pill tone={tone} icon={icon}>
      {say(`status.${payment.status}`)}
    </Pill>
  );
}

function order({ id, orderReference }: DashboardPayment) {
  return (
    <a
      class="row-link"
      href={paymentPath(id)}
      title={orderReference}
      onFocus={() => {
        cursor.value = id;
      }}
    >
      {orderReference}
    </a>
  );
}

/**
 * Why the last try failed, where it matters still, and what is odd. Tablets have no room for the
 * receipt's own column, so it stands here too, and styles show one of the two.
 */
function remark({ status: now, attempts, flags, receipt }: DashboardPayment) {
  const reason = attempts.at(-1)?.reason ?? null;
  const telling = reason !== null && now !== "confirmed" && now !== "reversed";
  if (!telling && flags.length === 0 && receipt === null) return null;
  return (
    <span class="remark">
      {receipt !== null && <span class="code remark-receipt">{receipt}</span>}
      {telling && <span title={say(`reasonHelp.${reason}`)}>{say(`reason.${reason}`)}</span>}
      {flags.map((flag) => (
        <Tag key={flag} tone={FLAG_TONES[flag]} title={say(`flagHelp.${flag}`)}>
          {say(`flag.${flag}`)}
        </Tag>
      ))}
    </span>
  );
}
