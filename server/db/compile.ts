/** A template as SQL text and a way to line up its values: done once per connection. */
import { is, Param, Placeholder } from "drizzle-orm";
import type { Db, Params, Template } from "./engine.ts";
import type { Tables } from "./tables.ts";

export interface Compiled {
  readonly text: string;
  /** The driver's values in their order. Throws when a value is missing: a template and its caller disagree. */
  bind(params: Params): unknown[];
}

type Source = (params: Params) => unknown;

/** Builds the query and keeps only what each run needs; drizzle would look at every slot's kind each time. */
export function compile(template: Template, db: Db, t: Tables): Compiled {
  const { sql: text, params: slots } = template(db, t).toSQL();
  const sources = slots.map(sourceOf);
  return { text, bind: (params) => sources.map((source) => source(params)) };
}

function sourceOf(slot: unknown): Source {
  if (is(slot, Placeholder)) return (params) => filling(params, slot.name);
  if (is(slot, Param) && is(slot.value, Placeholder)) {
    const { encoder } = slot;
    const { name } = slot.value;
    return (params) => encoder.mapToDriverValue(filling(params, name));
  }
  return () => slot;
}

function filling(params: Params, name: string): unknown {
  const value = params[name];
  if (value === undefined) throw new TypeError(`no value for ${name}`);
  return value;
}
