/**
 * A ZIP file written as its parts are made (PKWARE APPNOTE 6.3.10): sizes and checksums follow
 * each part in a descriptor, so that nothing is held but what is being packed. Without the 64-bit
 * extension, which a few readers of spreadsheets stumble over.
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";

export interface ZipPart {
  readonly name: string;
  /** Its text in pieces. */
  readonly body: Iterable<string> | AsyncIterable<string>;
}

interface Packed {
  readonly name: Buffer;
  /** Where its header begins. */
  readonly offset: number;
  crc: number;
  size: number;
  packedSize: number;
}

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Version 2.0: deflate. */
const VERSION = 20;
/** Bit 3: sizes come after the data. Bit 11: names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** 1 January 1980, the oldest date there is: a part's own time says nothing. */
const DATE = 0x0021;
const UINT32_MAX = 0xffff_ffff;

/**
 * The file in pieces; reading slowly makes the parts slowly.
 * @throws RangeError when it grows beyond 4 GiB.
 */
export async function* zipped(parts: readonly ZipPart[]): AsyncGenerator<Buffer> {
  const done: Packed[] = [];
  let offset = 0;
  for (const { name, body } of parts) {
    const part = { name: Buffer.from(name), offset, crc: 0, size: 0, packedSize: 0 };
    const head = localHeader(part);
    yield head;
    yield* deflated(body, part);
    const tail = fields([4, DESCRIPTOR], [4, part.crc], [4, part.packedSize], [4, part.size]);
    yield tail;
    offset += head.length + part.packedSize + tail.length;
    if (offset > UINT32_MAX || part.size > UINT32_MAX) throw new RangeError("too large for a ZIP");
    done.push(part);
  }
  const directory = Buffer.concat(done.map(centralHeader));
  yield directory;
  const sizes = [
    [4, directory.length],
    [4, offset],
  ] as const;
  yield fields([4, END], [2, 0], [2, 0], [2, done.length], [2, done.length], ...sizes, [2, 0]);
}

/** Packs a part and counts it; packing itself happens beside the event loop. */
async function* deflated(body: ZipPart["body"], part: Packed): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw();
  const fed = pipeline(Readable.from(counted(body, part)), deflate);
  // Whoever reads the packed bytes hears of it first.
  fed.catch(() => {});
  for await (const chunk of deflate as AsyncIterable<Buffer>) {
    part.packedSize += chunk.length;
    yield chunk;
  }
  await fed;
}

async function* counted(body: ZipPart["body"], part: Packed): AsyncGenerator<Buffer> {
  for await (const text of body) {
    const bytes = Buffer.from(text);
    part.crc = crc32(bytes, part.crc);
    part.size += bytes.length;
    yield bytes;
  }
}

function localHeader({ name }: Packed): Buffer {
  const unknown = [
    [4, 0],
    [4, 0],
    [4, 0],
  ] as const;
  return Buffer.concat([
    fields([4, LOCAL], [2, VERSION], [2, FLAGS], [2, DEFLATE], [2, 0], [2, DATE]),
    fields(...unknown, [2, name.length], [2, 0]),
    name,
  ]);
}

function centralHeader({ name, offset, crc, size, packedSize }: Packed): Buffer {
  const none = [
    [2, 0],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
  ] as const;
  return Buffer.concat([
    fields([4, CENTRAL], [2, VERSION], [2, VERSION], [2, FLAGS], [2, DEFLATE], [2, 0], [2, DATE]),
    fields([4, crc], [4, packedSize], [4, size], [2, name.length], ...none, [4, offset]),
    name,
  ]);
}

/** Unsigned numbers of so many bytes each, the lowest byte first. */
function fields(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
