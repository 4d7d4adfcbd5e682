import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { unzipped } from "./zip-reader.test-support.ts";
import { type ZipPart, zipped } from "./zip-stream.ts";

async function fileOf(parts: readonly ZipPart[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of zipped(parts)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("a ZIP file in pieces", () => {
  it("gives back every part, whatever is in it", async () => {
    const text = fc.array(fc.string({ unit: "grapheme" }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }), text), async (wanted) => {
        const parts = Object.entries(wanted).map(([name, body]) => ({ name, body }));
        const found = unzipped(await fileOf(parts));
        expect([...found]).toEqual(parts.map(({ name, body }) => [name, body.join("")]));
      }),
      { numRuns: 50 },
    );
  });

  it("is made as it is read, and no further", async () => {
    let made = 0;
    let closed = "no";
    // Nothing of this can be packed smaller.
    async function* body() {
      try {
        for (; made < 1_000; made += 1) yield randomBytes(16_384).toString("base64");
      } finally {
        closed = "yes";
      }
    }
    const file = zipped([{ name: "a", body: body() }]);
    for (let n = 0; n < 10; n += 1) await file.next();
    expect(made).toBeLessThan(50);
    await file.return(undefined);
    await vi.waitFor(() => expect(closed).toBe("yes"));
  });

  it("breaks off where a part does", async () => {
    async function* body() {
      yield "half";
      throw new Error("the disk is gone");
    }
    await expect(fileOf([{ name: "a", body: body() }])).rejects.toThrow("the disk is gone");
  });
});
