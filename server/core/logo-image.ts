/**
 * What a file is, by its own bytes and never by its name: a PNG, JPEG or WebP picture that is whole,
 * nearly square and small enough to draw, or the fault that keeps it from being a logo. SVG can
 * carry script, so no path leads to it.
 */
import {
  LOGO_MAX_BYTES,
  type LogoFault,
  type LogoType,
  sizeFault,
} from "../../shared/brand-rules.ts";

interface Picture {
  readonly type: LogoType;
  readonly width: number;
  readonly height: number;
}

/** The type of a picture that can be a logo, or why it cannot. */
export function readLogo(bytes: Uint8Array): { type: LogoType } | { fault: LogoFault } {
  if (bytes.length > LOGO_MAX_BYTES) return { fault: "logo_large" };
  const picture = readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
  if (picture === null) return { fault: "logo_kind" };
  const fault = sizeFault(picture.width, picture.height);
  return fault === null ? { type: picture.type } : { fault };
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Chunk after chunk from IHDR to an IEND that is the last; nothing may hang on behind it. */
function readPng(bytes: Uint8Array): Picture | null {
  const view = viewOf(bytes);
  if (textAt(bytes, 0, 8) !== "\x89PNG\r\n\x1a\n" || textAt(bytes, 12, 4) !== "IHDR") return null;
  if (bytes.length < 33) return null;
  let drawn: "not_yet" | "yes" = "not_yet";
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = textAt(bytes, at + 4, 4);
    if (name === "IDAT") drawn = "yes";
    if (name !== "IEND") continue;
    const whole = drawn === "yes" && at + 12 === bytes.length;
    return whole
      ? { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) }
      : null;
  }
  return null;
}

/** A start of frame, whose kind says how it is packed; C4, C8 and CC are other segments. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Segment after segment to the frame's size and the scan, in a file that ends as a JPEG does. */
function readJpeg(bytes: Uint8Array): Picture | null {
  const view = viewOf(bytes);
  const last = bytes.length - 2;
  if (textAt(bytes, 0, 3) !== "\xff\xd8\xff" || textAt(bytes, last, 2) !== "\xff\xd9") return null;
  let picture: Picture | null = null;
  for (let at = 2; at + 9 < last; ) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return null;
    if (marker === 0xda) return picture;
    if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      picture = { type: "image/jpeg", width, height };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** One RIFF box of the file's own length; the size stands elsewhere in each of its three kinds. */
function readWebp(bytes: Uint8Array): Picture | null {
  const view = viewOf(bytes);
  if (textAt(bytes, 0, 4) !== "RIFF" || textAt(bytes, 8, 4) !== "WEBP") return null;
  if (bytes.length < 30 || view.getUint32(4, true) + 8 !== bytes.length) return null;
  const size = (width: number, height: number) => ({ type: "image/webp" as const, width, height });
  const kind = textAt(bytes, 12, 4);
  if (kind === "VP8 ") {
    if (textAt(bytes, 23, 3) !== "\x9d\x01\x2a") return null;
    return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  }
  if (kind === "VP8L") {
    if (view.getUint8(20) !== 0x2f) return null;
    const bits = view.getUint32(21, true);
    return size((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (kind !== "VP8X") return null;
  const three = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  return size(three(24) + 1, three(27) + 1);
}
