import { expect, it } from "vitest";
import { DEFAULT_PROMPT_LIMITS } from "../../../shared/prompt-limits.ts";
import { draftOf, readDraft } from "./draft.ts";

const typed = (part: Partial<Record<keyof typeof DEFAULT_PROMPT_LIMITS, string>>) =>
  readDraft({ ...draftOf(DEFAULT_PROMPT_LIMITS), ...part });

it("reads back what it was made of, and numbers as people type them", () => {
  expect(typed({})).toEqual(DEFAULT_PROMPT_LIMITS);
  expect(typed({ inADay: " 15 " })).toEqual({ ...DEFAULT_PROMPT_LIMITS, inADay: 15 });
});

it.each(["", "three", "2.5", "-3", "1e1", "0", "99999999"])("takes %j for no limit", (text) => {
  expect(typed({ inTenMinutes: text })).toEqual({ field: "inTenMinutes", kind: "outside" });
});

it("names the wider span that would be without effect", () => {
  expect(typed({ inAnHour: "2" })).toEqual({
    field: "inAnHour",
    kind: "below",
    other: "inTenMinutes",
  });
});
