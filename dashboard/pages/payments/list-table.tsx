import { useLocation } from "preact-iso";
import type { DashboardPayment } from "../../../shared/api.ts";
import { say } from "../../dictionary/words.ts";
import { clockTime, dayWord, kes } from "../../format.ts";
import { paymentPath } from "../../paths.ts";
import { Pill, Tag } from "../../ui/pill.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { FLAG_TONES, STATUS_MARKS } from "../marks.ts";
import type { ListState } from "./list-state.ts";
import { cursor } from "./list-store.ts";

/** The rows, with everything that tells one payment from another. */
export function ListTable({ list }: { readonly list: ListState }) {
  const { route } = useLocation();
  return (
    <Table
      caption={say("list.caption")}
      columns={columns()}
      rows={list.rows}
      idOf={({ id }) => id}
      light={({ id }) => (list.fresh.has(id) ? "passing" : "none")}
      onOpen={({ id }) => {
        cursor.value = id;
        route(paymentPath(id));
      }}
    />
  );
}

function columns(): readonly Column<DashboardPayment>[] {
  const now = Date.now();
  return [
    {
      key: "time",
      head: say("column.time"),
      cell: ({ createdAt }) => (
        <time dateTime={createdAt} title={say("time.zone")}>
          <span class="soft">{dayWord(createdAt, now)}</span> {clockTime(createdAt)}
        </time>
      ),
    },
    { key: "amount", head: say("column.amount"), align: "end", cell: amount },
    { key: "status", head: say("column.status"), cell: status },
    { key: "order", head: say("column.order"), cell: order },
    { key: "phone", head: say("column.phone"), cell: ({ phoneNumber }) => phoneNumber },
    {
      key: "receipt",
      head: say("column.receipt"),
      cell: ({ receipt }) => receipt && <span class="code">{receipt}</span>,
    },
    { key: "reason", head: say("column.reason"), cell: remark },
  ];
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
