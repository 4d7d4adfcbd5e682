/** Which files are logos: by their own bytes, never by a name. */
import { describe, expect, test } from "vitest";
import { LOGO_MAX_BYTES } from "../../shared/brand-rules.ts";
import { JPEG, pngOf, SVG, WEBPS } from "../logo-samples.ts";
import { readLogo } from "./logo-image.ts";

const PNG = pngOf(48, 48);

test.each([
  ["a PNG", PNG, "image/png"],
  ["a JPEG", JPEG, "image/jpeg"],
  ["a lossy WebP", WEBPS.lossy, "image/webp"],
  ["a lossless WebP", WEBPS.lossless, "image/webp"],
  ["an extended WebP", WEBPS.extended, "image/webp"],
  ["a PNG of 64 KB to the byte", pngOf(48, 48, [0, 0, 0], 65_536 - 12 - size(48)), "image/png"],
])("%s is taken", (_name, bytes, type) => {
  expect(bytes.length).toBeLessThanOrEqual(LOGO_MAX_BYTES);
  expect(readLogo(bytes)).toEqual({ type });
});

/** Bytes of a black square of so many pixels a side. */
function size(side: number): number {
  return pngOf(side, side, [0, 0, 0]).length;
}

test.each([
  ["nothing", Buffer.alloc(0)],
  ["text", Buffer.from("a picture, honestly")],
  ["SVG", SVG],
  ["a GIF", Buffer.from("GIF89a0000000000000000000000000000000000")],
  ["SVG behind the signature of a PNG", Buffer.concat([PNG.subarray(0, 8), SVG])],
  ["SVG behind the head of a PNG", Buffer.concat([PNG.subarray(0, 33), SVG])],
  ["SVG behind a whole PNG", Buffer.concat([PNG, SVG])],
  ["SVG behind a whole WebP", Buffer.concat([WEBPS.lossy, SVG])],
  ["SVG behind a whole JPEG", Buffer.concat([JPEG, SVG])],
  ["a JPEG without its scan", Buffer.concat([JPEG.subarray(0, 20), JPEG.subarray(-2)])],
  ["a box that is no WebP", Buffer.from(WEBPS.lossy.toString("latin1").replace("WEBP", "WAVE"))],
])("%s is no picture of ours", (_name, bytes) => {
  expect(readLogo(bytes)).toEqual({ fault: "logo_kind" });
});

test("a picture that is cut anywhere is none, and never breaks the reader", () => {
  for (const whole of [PNG, JPEG, ...Object.values(WEBPS)]) {
    for (let length = 0; length < whole.length; length++) {
      expect(readLogo(whole.subarray(0, length))).toEqual({ fault: "logo_kind" });
    }
  }
});

describe("a picture", () => {
  test("of more than 64 KB is refused", () => {
    expect(readLogo(pngOf(48, 48, [0, 0, 0], 65_536))).toEqual({ fault: "logo_large" });
  });

  test.each([
    [31, 31, "logo_pixels"],
    [1025, 1025, "logo_pixels"],
    [0, 0, "logo_pixels"],
    [48, 65, "logo_shape"],
    [400, 100, "logo_shape"],
  ])("of %i × %i is refused", (width, height, fault) => {
    expect(readLogo(pngOf(width, height))).toEqual({ fault });
  });

  test.each([
    [32, 32],
    [48, 64],
    [64, 48],
    [1024, 1024],
  ])("of %i × %i is taken", (width, height) => {
    expect(readLogo(pngOf(width, height))).toEqual({ type: "image/png" });
  });
});
