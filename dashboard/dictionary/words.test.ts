import { afterEach, describe, expect, it } from "vitest";
import { LOCALES } from "../../shared/words.ts";
import { locale } from "../preferences.ts";
import { en, type Word } from "./en.ts";
import { DICTIONARIES, say, sayCount } from "./words.ts";

const WORDS = Object.keys(en) as Word[];
const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

afterEach(() => {
  locale.value = "en";
});

describe.each(LOCALES)("the dictionary in %s", (language) => {
  const dictionary = DICTIONARIES[language];

  it("has every word and no other", () => {
    expect(Object.keys(dictionary).sort()).toEqual([...WORDS].sort());
    expect(WORDS.filter((word) => dictionary[word].trim() === "")).toEqual([]);
  });

  it("has the same places to fill", () => {
    const differing = WORDS.filter(
      (word) => placesOf(dictionary[word]).join() !== placesOf(en[word]).join(),
    );
    // One is spelled out in some languages and counted in others.
    expect(differing.filter((word) => !word.endsWith(".one"))).toEqual([]);
  });

  it("names all twelve months", () => {
    expect(dictionary["time.months"].split(" ")).toHaveLength(12);
  });
});

describe("saying a word", () => {
  it("follows the language that was chosen", () => {
    expect(say("status.confirmed")).toBe("Paid");
    locale.value = "sw";
    expect(say("status.confirmed")).toBe("Imelipwa");
  });

  it("fills places, whatever the values hold", () => {
    expect(say("payment.title", { amount: "KES {n} $& 5" })).toBe("Payment of KES {n} $& 5");
  });

  it("counts", () => {
    expect([1, 2].map((n) => sayCount("list.new", n))).toEqual(["1 new payment", "2 new payments"]);
  });
});
