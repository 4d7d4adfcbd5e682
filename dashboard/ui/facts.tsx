import type { ComponentChildren } from "preact";

export interface Fact {
  readonly name: string;
  readonly value: ComponentChildren;
}

/** Names and values in two columns. */
export function Facts({
  facts,
  size = "plain",
}: {
  facts: readonly Fact[];
  size?: "plain" | "small";
}) {
  return (
    <dl class={`facts facts-${size}`}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
