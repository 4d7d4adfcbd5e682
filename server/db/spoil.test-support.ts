/** What a failing disk does to sealed texts: one bit flips, and they do not open any more. */
import { type Column, eq, sql } from "drizzle-orm";
import { type Engine, must, run, type Template } from "./engine.ts";
import { slot } from "./slots.ts";

/** The same text with another letter near its end. */
const flipped = (text: Column) =>
  sql`substr(${text}, 1, length(${text}) - 9) || case substr(${text}, -9, 1) when 'A' then 'B' else 'A' end || substr(${text}, -8)`;

const spoiling = {
  callback: (db, { inbox: t }) =>
    db
      .update(t)
      .set({ bodySealed: flipped(t.bodySealed) })
      .where(eq(t.id, slot("id")))
      .returning({ id: t.id }),
  note: (db, { notes: t }) =>
    db
      .update(t)
      .set({ textSealed: flipped(t.textSealed) })
      .where(eq(t.id, slot("id")))
      .returning({ id: t.id }),
  phone: (db, { attempts: t }) =>
    db
      .update(t)
      .set({ phoneEnc: flipped(t.phoneEnc) })
      .where(eq(t.id, slot("id")))
      .returning({ id: t.id }),
  request: (db, { attempts: t }) =>
    db
      .update(t)
      .set({ checkoutRequestEnc: flipped(t.checkoutRequestEnc) })
      .where(eq(t.id, slot("id")))
      .returning({ id: t.id }),
} satisfies Readonly<Record<string, Template>>;
export type Spoilt = keyof typeof spoiling;

/** Spoils one text of a row. Throws when there is no such row. */
export async function spoil(engine: Engine, what: Spoilt, id: string): Promise<void> {
  const spoilt = await engine.commit([must("inbox", run(spoiling[what], { id }))]);
  if (!spoilt.ok) throw new Error(`there is no ${what} ${id}`);
}
