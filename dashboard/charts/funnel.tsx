import { type ComponentChildren, Fragment } from "preact";
import { useId } from "preact/hooks";
import { Hatching, inkOf } from "./ink.tsx";
import { percentOf } from "./scale.ts";

export interface FunnelStep {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  /** The number as it is read. */
  readonly told: ComponentChildren;
  /** Beside the number: its share, or nothing. */
  readonly note: string;
  /** What became of those who do not come to the next step; left out where nobody stays behind. */
  readonly lost: readonly ComponentChildren[];
}

/** Steps that fewer and fewer reach; what a step loses is hatched behind it and said below it. */
export function Funnel({ label, steps }: { label: string; steps: readonly FunnelStep[] }) {
  const id = useId();
  const all = steps[0]?.count ?? 0;
  return (
    <ol class="funnel" aria-label={label}>
      {steps.map(({ key, name, count, told, note, lost }, n) => {
        const before = steps[n - 1]?.count ?? count;
        return (
          <li key={key}>
            <p class="funnel-head">
              <span>{name}</span>
              <span>
                <strong>{told}</strong> {note !== "" && <span class="soft">{note}</span>}
              </span>
            </p>
            <svg width="100%" height="16" aria-hidden="true">
              <Hatching id={`${id}-${n}`} />
              <rect width={percentOf(before, all)} height="16" {...inkOf("unpaid", `${id}-${n}`)} />
              <rect width={percentOf(count, all)} height="16" {...inkOf("paid", `${id}-${n}`)} />
            </svg>
            {lost.length > 0 && (
              <p class="funnel-lost">
                ↳{" "}
                {lost.map((words, at) => (
                  <Fragment key={at}>
                    {at > 0 && " · "}
                    {words}
                  </Fragment>
                ))}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
