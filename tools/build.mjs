/**
 * Builds what is stale: the server by tsc, its programs and three web bundles by Vite, each when
 * the digest of its sources differs from the one noted beside the last build. Words go to standard
 * error only, since `npm run --silent lipia` promises nothing but its answer on standard output.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withLock } from "./lock.mjs";
import { fingerprint, isThere, PARTS } from "./parts.mjs";
import { requireInstallation } from "./ready.mjs";
import { root, runPackaged, secondsSince, stop } from "./run.mjs";

/** @typedef {import("./parts.mjs").Part} Part */

const DIST = join(root, "dist");
const LOCK = join(DIST, "build.lock");
const NOTES = join(DIST, "built.json");
/** A cold build of everything takes seconds; ten times a slow machine's. */
const LOCK_PATIENCE_MS = 300_000;

/**
 * Builds the parts that are stale, one process at a time; the others wait and then find it done.
 * Throws an Error with the compiler's own words when a part does not build.
 * @param {{ quiet?: boolean, only?: readonly string[] }} [options] `only` names the parts wanted
 */
export async function buildStale(options = {}) {
  const wanted = PARTS.filter((part) => options.only?.includes(part.name) ?? true);
  if (wanted.every(isFresh)) return;
  const say = options.quiet ? () => {} : tell;
  await locked(say, () =>
    build(
      wanted.filter((part) => !isFresh(part)),
      say,
    ),
  );
}

/** Builds everything from nothing. */
export async function buildAll() {
  await locked(tell, async () => {
    for (const made of ["server", "programs", "shared", "types", "web", "built.json"]) {
      rmSync(join(DIST, made), { recursive: true, force: true });
    }
    await build(PARTS, tell);
  });
}

/** Makes the next build distrust these parts, for who writes dist in another way. @param {readonly string[]} names */
export async function forgetParts(names) {
  await locked(tell, async () => {
    const kept = Object.entries(notes()).filter(([name]) => !names.includes(name));
    note(Object.fromEntries(kept));
  });
}

/** @param {(line: string) => void} say @param {() => Promise<void>} work */
async function locked(say, work) {
  mkdirSync(DIST, { recursive: true });
  const onWait = (/** @type {number} */ pid) => say(`process ${pid} is building; waiting for it`);
  await withLock(LOCK, { patienceMs: LOCK_PATIENCE_MS, onWait }, work);
}

/** @param {readonly Part[]} parts @param {(line: string) => void} say */
async function build(parts, say) {
  const failures = (await Promise.all(parts.map((part) => buildPart(part, say)))).filter(Boolean);
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

/** Answers null, or what went wrong. @param {Part} part @param {(line: string) => void} say */
async function buildPart(part, say) {
  // Taken before building, so that an edit made meanwhile counts as stale next time.
  const digest = fingerprint(part);
  const startMs = performance.now();
  const [script = "", ...args] = part.command;
  // With its notes but without its output, tsc would believe there is nothing to do.
  const force = part.name === "server" && !isThere(part) ? ["--force"] : [];
  const { code, text } = await runPackaged(script, [...args, ...force], {
    output: "kept",
    env: { NODE_ENV: "production" },
  });
  if (code !== 0) return `${text.trimEnd()}\nThe part "${part.name}" does not build.`;
  note({ ...notes(), [part.name]: digest });
  say(`built ${part.name} in ${secondsSince(startMs)}`);
  return null;
}

/** @param {Part} part */
function isFresh(part) {
  return isThere(part) && notes()[part.name] === fingerprint(part);
}

/** The digests of the last build by part; none when the file is missing or damaged. @returns {Record<string, string>} */
function notes() {
  try {
    return JSON.parse(readFileSync(NOTES, "utf8"));
  } catch {
    return {};
  }
}

/** @param {Record<string, string>} digests */
function note(digests) {
  writeFileSync(`${NOTES}.new`, JSON.stringify(digests, null, 2));
  renameSync(`${NOTES}.new`, NOTES);
}

/** @param {string} line */
function tell(line) {
  process.stderr.write(`${line}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  requireInstallation();
  await buildAll().catch((error) => stop(error.message));
}
