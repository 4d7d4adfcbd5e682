import fc from "fast-check";
import { expect, it } from "vitest";
import { prefixEnd } from "./prefix.ts";

it("counts the last character up, over the gap of surrogates and past the end", () => {
  expect(prefixEnd("A-1")).toBe("A-2");
  expect(prefixEnd("\ud7ff")).toBe("\ue000");
  expect(prefixEnd("a\u{10ffff}")).toBe("b");
  expect(prefixEnd("\u{10ffff}")).toBeNull();
  expect(prefixEnd("")).toBeNull();
});

it("holds exactly the texts that begin with the prefix, compared by bytes as the databases do", () => {
  const text = fc.string({ unit: "binary", maxLength: 6 });
  const before = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  fc.assert(
    fc.property(text, text, fc.boolean(), (prefix, rest, begins) => {
      const candidate = begins ? prefix + rest : rest;
      const end = prefixEnd(prefix);
      const inRange = !before(candidate, prefix) && (end === null || before(candidate, end));
      expect(inRange).toBe(candidate.startsWith(prefix));
    }),
  );
});
