/** Reads a ZIP file from its end, as unpackers do, and believes nothing that does not fit. */
import { crc32, inflateRawSync } from "node:zlib";

/** The parts of a file by name. */
export function unzipped(file: Buffer): ReadonlyMap<string, string> {
  const end = file.length - 22;
  if (file.readUInt32LE(end) !== 0x06054b50) throw new Error("no end of a directory");
  const parts = new Map<string, string>();
  let at = file.readUInt32LE(end + 16);
  if (at + file.readUInt32LE(end + 12) !== end) throw new Error("the directory ends elsewhere");
  for (let n = file.readUInt16LE(end + 10); n > 0; n -= 1) {
    if (file.readUInt32LE(at) !== 0x02014b50) throw new Error("no entry of a directory");
    const [sum, packed, size] = [16, 20, 24].map((field) => file.readUInt32LE(at + field));
    const nameLength = file.readUInt16LE(at + 28);
    const name = file.toString("utf8", at + 46, at + 46 + nameLength);
    const text = partAt(file, file.readUInt32LE(at + 42), name, packed ?? 0);
    if (text.length !== size || crc32(text) !== sum) throw new Error(`${name} is not whole`);
    parts.set(name, text.toString("utf8"));
    at += 46 + nameLength;
  }
  if (at !== end) throw new Error("the directory holds something else");
  return parts;
}

function partAt(file: Buffer, at: number, name: string, packed: number): Buffer {
  const start = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
  const named = file.toString("utf8", at + 30, at + 30 + file.readUInt16LE(at + 26));
  if (file.readUInt32LE(at) !== 0x04034b50 || named !== name)
    throw new Error(`${name} is elsewhere`);
  if (file.readUInt32LE(start + packed) !== 0x08074b50) throw new Error(`${name} is not described`);
  return inflateRawSync(file.subarray(start, start + packed));
}
