import { useLocation } from "preact-iso";
import type { PaymentColumn } from "../../../shared/payment-columns.ts";
import { say } from "../../dictionary/words.ts";
import { paymentPath } from "../../paths.ts";
import { Table } from "../../ui/table.tsx";
import { columnsOf } from "./list-cells.tsx";
import type { ListState } from "./list-state.ts";
import { cursor } from "./list-store.ts";

interface ListTableProps {
  readonly list: ListState;
  readonly columns: readonly PaymentColumn[];
}

/** The rows, with everything that tells one payment from another. */
export function ListTable({ list, columns }: ListTableProps) {
  const { route } = useLocation();
  return (
    <Table
      caption={say("list.caption")}
      columns={columnsOf(columns)}
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
