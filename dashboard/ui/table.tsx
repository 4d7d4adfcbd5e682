import type { ComponentChildren } from "preact";

export interface Column<Row> {
  readonly key: string;
  readonly head: string;
  readonly align?: "start" | "end";
  readonly cell: (row: Row) => ComponentChildren;
}

interface TableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** `passing`: the row came or changed just now and lights up for a moment. */
  readonly light: (row: Row) => "passing" | "none";
  /** A click anywhere on a row; the row's own link serves keyboard and screen reader. */
  readonly onOpen: (row: Row) => void;
}

/**
 * A table for work. At phone width its rows become cards by style alone, which makes browsers
 * forget what the elements are; the explicit roles keep it a table for screen readers.
 */
export function Table<Row>({ caption, columns, rows, idOf, light, onOpen }: TableProps<Row>) {
  return (
    <div class="table-room">
      {/* biome-ignore lint/a11y/noRedundantRoles: display: grid takes the implied role away */}
      <table class="table" role="table">
        <caption class="unseen">{caption}</caption>
        {/* biome-ignore lint/a11y/noRedundantRoles: as above */}
        <thead role="rowgroup">
          {/* biome-ignore lint/a11y/noRedundantRoles: as above */}
          <tr role="row">
            {columns.map(({ key, head, align = "start" }) => (
              // biome-ignore lint/a11y/noRedundantRoles: as above
              <th key={key} role="columnheader" scope="col" class={`cell-${key} align-${align}`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/noRedundantRoles: as above */}
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr
              key={idOf(row)}
              // biome-ignore lint/a11y/noRedundantRoles: as above
              role="row"
              data-row={idOf(row)}
              data-light={light(row)}
              onClick={(event) => {
                if (isPlainClick(event)) onOpen(row);
              }}
            >
              {columns.map(({ key, head, align = "start", cell }) => (
                // biome-ignore lint/a11y/noRedundantRoles: as above
                <td key={key} role="cell" class={`cell-${key} align-${align}`} data-head={head}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Not a click on something that acts by itself, not with a modifier, not the end of a selection. */
function isPlainClick(event: MouseEvent): boolean {
  if (event.defaultPrevented || event.button !== 0) return false;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  const onControl = event.target instanceof Element && event.target.closest("a, button") !== null;
  return !onControl && (window.getSelection()?.toString() ?? "") === "";
}
