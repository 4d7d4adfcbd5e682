/** A list of payments as comma-separated values, in pieces. */
import { nairobiTime } from "../../shared/nairobi.ts";
import { BYTE_ORDER_MARK, csvLine } from "./csv.ts";
import type { Cell } from "./export-columns.ts";
import type { ExportTable } from "./export-rows.ts";

/** The file in pieces, a page each. */
export async function* paymentsCsv({ heads, pages }: ExportTable): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(heads);
  for await (const rows of pages()) {
    yield rows.map((cells) => csvLine(cells.map(written))).join("");
  }
}

function written(cell: Cell): string {
  switch (cell.kind) {
    case "text":
      return cell.text;
    case "number":
      return String(cell.value);
    case "time":
      return cell.at === null ? "" : nairobiTime(cell.at);
  }
}
