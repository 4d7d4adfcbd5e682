/** Pictures that begin and end as they should and are broken in between: none is taken. */
import { expect, test } from "vitest";
import { JPEG, WEBPS } from "../logo-samples.ts";
import { readLogo } from "./logo-image.ts";

/** The same bytes with some others from a place on. */
function patched(bytes: Buffer, at: number, ...others: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(others, at);
  return copy;
}

/** Where the second segment of the JPEG begins: behind its start and the first one's length. */
const SECOND_SEGMENT = 4 + JPEG.readUInt16BE(4);

test.each([
  ["a JPEG whose next segment has no mark", patched(JPEG, SECOND_SEGMENT, 0x00), JPEG],
  ["a lossy WebP without the code of its frame", patched(WEBPS.lossy, 23, 0x00), WEBPS.lossy],
  ["a lossless WebP without its signature", patched(WEBPS.lossless, 20, 0x00), WEBPS.lossless],
  [
    "a WebP of a kind that does not exist",
    patched(WEBPS.lossy, 12, ...Buffer.from("VP9 ")),
    WEBPS.lossy,
  ],
])("%s is no picture of ours, the whole one is", (_name, damaged, whole) => {
  expect(readLogo(damaged)).toEqual({ fault: "logo_kind" });
  expect(readLogo(whole)).toHaveProperty("type");
});
