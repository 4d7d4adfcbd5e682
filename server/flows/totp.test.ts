import { describe, expect, it, test } from "vitest";
import { base32 } from "./base32.ts";
import { codeOf, otpauthUri, stepAt, stepOfCode } from "./totp.ts";

const secret = Buffer.from("12345678901234567890");

describe("codes by the clock", () => {
  // RFC 6238, appendix B, the SHA-1 rows; the last six of its eight digits.
  test.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ])("at %i s it is %s", (seconds, code) => {
    expect(codeOf(secret, stepAt(seconds * 1_000))).toBe(code);
  });

  it("are taken half a minute early or late, and no further", () => {
    const at = 1_111_111_111_000;
    const now = stepAt(at);
    const taken = [-2, -1, 0, 1, 2].map((off) => stepOfCode(secret, codeOf(secret, now + off), at));
    expect(taken).toEqual([null, now - 1, now, now + 1, null]);
    for (const odd of ["", "28708", "2870820", "28708a", "２８７０８２"]) {
      expect(stepOfCode(secret, odd, 59_000)).toBeNull();
    }
  });
});

// RFC 4648, section 10.
test.each([
  ["", ""],
  ["f", "MY"],
  ["fo", "MZXQ"],
  ["foo", "MZXW6"],
  ["foob", "MZXW6YQ"],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI"],
])("base32 of %j is %s", (text, coded) => {
  expect(base32(Buffer.from(text))).toBe(coded);
});

test("the address for the app names shop and person, whatever they are called", () => {
  expect(otpauthUri(secret, "Mug: & Co", "a+b@shop.co.ke")).toBe(
    "otpauth://totp/Mug%20%20%26%20Co:a%2Bb%40shop.co.ke?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mug%20%20%26%20Co",
  );
});
