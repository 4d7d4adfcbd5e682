/** The contract of a person's saved views: filters of the list of payments under a name. */
import { z } from "zod";
import { VIEW_NAME_MAX, VIEW_QUERY_MAX } from "./view-limits.ts";

/** A name that is there already, however it is written, is that view anew. */
export const saveViewRequest = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, "name must not be empty")
    .max(VIEW_NAME_MAX, `name must have at most ${VIEW_NAME_MAX} characters`),
  /** As it stands in the list's address after the question mark. */
  query: z.string().max(VIEW_QUERY_MAX, `query must have at most ${VIEW_QUERY_MAX} characters`),
});

export const savedView = z.object({ id: z.string(), name: z.string(), query: z.string() });
export type SavedView = z.infer<typeof savedView>;

/** The views of the person who asks, by name. */
export const viewList = z.object({ views: z.array(savedView) });
export type ViewList = z.infer<typeof viewList>;
