import { useLocation } from "preact-iso";
import { say } from "../../dictionary/words.ts";
import { paymentPath } from "../../paths.ts";
import { Table } from "../../ui/table.tsx";
import { columnsShown } from "./column-choice.ts";
import { columnsOf } from "./list-cells.tsx";
import type { ListState } from "./list-state.ts";
import { cursor } from "./list-store.ts";

/** The rows, with everything that tells one payment from another. */
export function ListTable({ list }: { readonly list: ListState }) {
  const { route } = useLocation();
  return (
    <Table
      caption={say("list.caption")}
      columns={columnsOf(columnsShown.value)}
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
