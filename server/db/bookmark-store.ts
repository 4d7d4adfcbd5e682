/** Bookmarks: how far something that is read in order was read. They only move forward (I22). */
import { eq, lt } from "drizzle-orm";
import type { BookmarkStore } from "../ports.ts";
import { type Engine, run, type Template } from "./engine.ts";
import { rowSlots, setSlots, slot } from "./slots.ts";

const readMark: Template<{ at: number }[]> = (db, t) =>
  db
    .select({ at: t.bookmarks.at })
    .from(t.bookmarks)
    .where(eq(t.bookmarks.name, slot("name")));

const moveMark: Template = (db, t) =>
  db
    .insert(t.bookmarks)
    .values(rowSlots(t.bookmarks))
    .onConflictDoUpdate({
      target: t.bookmarks.name,
      set: setSlots(t.bookmarks, ["at"]),
      setWhere: lt(t.bookmarks.at, slot("at")),
    });

export function createBookmarkStore(engine: Engine): BookmarkStore {
  return {
    async read(name) {
      const [row] = await engine.read(readMark, { name });
      return row?.at ?? null;
    },
    async move(name, at) {
      await engine.commit([run(moveMark, { name, at })]);
    },
  };
}
