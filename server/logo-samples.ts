/** Real pictures, as a browser's canvas wrote them or as the format's own rules make them. */
import { crc32, deflateSync } from "node:zlib";

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG of one colour; `more` is a chunk of no meaning, to make it as large as one likes. */
export function pngOf(width: number, height: number, colour = [200, 30, 60], more = 0): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()]);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    ...(more === 0 ? [] : [chunk("teXt", Buffer.alloc(more))]),
    chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** 48 × 40. */
export const JPEG = Buffer.from(
  [
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtq",
    "eJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSk",
    "pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAoADADASIAAhEBAxEB/8QA",
    "FQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAA",
    "AAAAAAQF/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AhARM8AAAAAAAAAAAAAAAB//Z",
  ].join(""),
  "base64",
);

function webp(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from("WEBP", "latin1"), ...chunks]);
  const head = Buffer.from("RIFF\0\0\0\0", "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
const LOSSY = Buffer.from(
  "VlA4ID4AAACQAwCdASowACgAPtForlGoJiQio4gBABoJZwDQRoAAHNR6pQQAAP7qZf/oUbKJin/62kyyMS0I96x/8jzgAA==",
  "base64",
);
const LOSSLESS = Buffer.from("VlA4TA8AAAAvL8AJAAdQxIj+ByKi/wEA", "base64");
const EXTENDED = Buffer.from("VlA4WAoAAAAAAAAALwAAJwAA", "base64");

/** 48 × 40 each, in the three ways that WebP is packed. */
export const WEBPS = {
  lossy: webp(LOSSY),
  lossless: webp(LOSSLESS),
  extended: webp(EXTENDED, LOSSY),
} as const;

export const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><script>alert(1)</script></svg>',
);
