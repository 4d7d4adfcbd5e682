/**
 * Reading JSON that strangers wrote. Nothing here throws, whatever the text is, and nothing is
 * read through a prototype: a body with a `__proto__` key has one more key and no more power.
 */

/** Recorded bodies nest six levels deep; a body deeper than this is not Daraja's. */
const DEPTH_MAX = 32;

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses a body, with or without a byte order mark.
 * @returns null when it is not JSON, nests too deep, or names a key of one object twice: such a
 * body has no single meaning, and a parser that takes the last would let `0` hide behind `1032`.
 */
export function parseJson(text: string): { readonly value: unknown } | null {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const outline = outlineOf(body);
  if (outline.depth > DEPTH_MAX) return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  return countMembers(value) === outline.members ? { value } : null;
}

/** The object a body holds, or null when it holds anything else. */
export function parseJsonObject(text: string): JsonObject | null {
  const parsed = parseJson(text);
  return parsed !== null && isObject(parsed.value) ? parsed.value : null;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object's own member, or undefined. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** An object's own member when it is an object, else null. */
export function objectMember(object: JsonObject, name: string): JsonObject | null {
  const value = member(object, name);
  return isObject(value) ? value : null;
}

/** An object's own member when it is text of 1 to `lengthMax` characters, else null. */
export function textMember(object: JsonObject, name: string, lengthMax: number): string | null {
  const value = member(object, name);
  if (typeof value !== "string" || value === "" || value.length > lengthMax) return null;
  return value;
}

/** How deep a text nests and how many members it writes, found without parsing it. */
function outlineOf(text: string): { depth: number; members: number } {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x22) inString = !inString;
    else if (inString) {
      if (char === 0x5c) at += 1;
    } else if (char === 0x3a) members += 1;
    else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
  return { depth: deepest, members };
}

/** Members that survived parsing; fewer than were written means that a key was repeated. */
function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + countMembers(each), 0);
  return Object.values(value).reduce((sum: number, each) => sum + 1 + countMembers(each), 0);
}
