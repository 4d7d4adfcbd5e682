import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "./csv.ts";

/** A reader by RFC 4180, so that what is written is judged as a spreadsheet would see it. */
function read(file: string): string[][] {
  const records: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = field.exec(file); match !== null; match = field.exec(file)) {
    const [, quoted, plain = "", end] = match;
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (field.lastIndex === file.length) return records;
    if (end === "\r\n") records.push([]);
  }
  throw new Error("the file is not CSV");
}

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", '"', ",", ";", " ", "a", "\uff1d"),
  }),
);

describe("a line of CSV", () => {
  it("begins no cell with what a spreadsheet takes for a formula", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (fields) => {
        for (const cell of read(csvLine(fields)).flat()) {
          expect(cell).not.toMatch(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/);
          expect(cell.trimStart()).not.toMatch(/^[=+\-@]/);
        }
      }),
    );
  });

  it("gives back every text, but for the apostrophe before a formula", () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1 }),
        fc.array(text, { minLength: 1 }),
        (one, two) => {
          const records = read(csvLine(one) + csvLine(two));
          expect(records).toHaveLength(2);
          for (const [n, fields] of [one, two].entries()) {
            const cells = records[n] ?? [];
            expect(cells).toHaveLength(fields.length);
            expect(
              cells.every((cell, at) => cell === fields[at] || cell === `'${fields[at]}`),
            ).toBe(true);
          }
        },
      ),
    );
  });

  it("leaves plain texts plain", () => {
    expect(csvLine(["KES 1", "254*****5678", "", "a=b"])).toBe("KES 1,254*****5678,,a=b\r\n");
    expect(csvLine(["-5", 'say "hi", twice'])).toBe(`'-5,"say ""hi"", twice"\r\n`);
  });
});
