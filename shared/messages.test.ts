import { describe, expect, it } from "vitest";
import { HAPPENED_MAX, NEXT_MAX, nextStepFor, reasonWords } from "./messages.ts";
import { LOCALES, REASONS } from "./words.ts";

describe("the customer's words for a reason", () => {
  for (const locale of LOCALES) {
    it.each(REASONS)(`${locale}: %s says what happened and one step, and fits`, (reason) => {
      const { happened, next } = reasonWords(reason, locale);
      expect(happened.length).toBeGreaterThan(5);
      expect(happened.length).toBeLessThanOrEqual(HAPPENED_MAX);
      expect(next.length).toBeLessThanOrEqual(NEXT_MAX);
      expect(next).toMatch(/\.$/);
    });
  }

  it.each(REASONS)("%s is translated, not copied", (reason) => {
    const english = reasonWords(reason, "en");
    const swahili = reasonWords(reason, "sw");
    expect(swahili.happened).not.toBe(english.happened);
    expect(swahili.next).not.toBe(english.next);
  });

  it("never blames codes or systems the customer does not know", () => {
    const all = REASONS.flatMap((reason) =>
      LOCALES.map((locale) => JSON.stringify(reasonWords(reason, locale))),
    ).join(" ");
    expect(all).not.toMatch(/daraja|callback|stk|error|result ?code|\b\d{4}\b/i);
  });

  it("sends the customer to the shop only where the customer cannot mend it", () => {
    expect(REASONS.filter((reason) => nextStepFor(reason) === "ask_shop")).toEqual([
      "merchant_setup",
      "rejected",
      "operator",
    ]);
  });
});
