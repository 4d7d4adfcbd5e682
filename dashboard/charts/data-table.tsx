import type { ComponentChildren } from "preact";

interface DataTableProps {
  /** On the button that opens it. */
  readonly word: string;
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
}

/** The numbers behind a drawing: the first cell of a row names it, the others are numbers. */
export function DataTable({ word, caption, heads, rows }: DataTableProps) {
  return (
    <details class="chart-data">
      <summary>{word}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="chart-data-room" tabIndex={0} aria-label={caption}>
        <table>
          <caption class="unseen">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells: [name, ...numbers] }) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                {numbers.map((cell, n) => (
                  <td key={heads[n + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
