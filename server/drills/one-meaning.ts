/** JSON as an oracle reads it: an object that can be understood in one way only, or nothing. */

export type Fields = Record<string, unknown>;

/** Deeper than this a body is nobody's. */
const DEPTH_MAX = 32;

/** The object that a text holds; null for anything else, for repeated keys, and for deep nests. */
export function oneMeaning(text: string): Fields | null {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  let root: unknown;
  try {
    root = JSON.parse(body);
  } catch {
    return null;
  }
  return isFields(root) && !isOdd(body) ? root : null;
}

/** True for valid JSON that names a key of one object twice, or nests too deep. */
function isOdd(json: string): boolean {
  const open: (Set<string> | null)[] = [];
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key = String(JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)));
      const keys = open.at(-1);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
    if (open.length > DEPTH_MAX) return true;
  }
  return false;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of its own, never one of the prototype. */
export function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
