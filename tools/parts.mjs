/** The five parts a build makes: what each is made from, by which command, and what shows it is there. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {readonly string[]} sources files and folders it is made from, besides COMMON
 * @property {string} output the file without which it is not built
 * @property {readonly string[]} command script inside node_modules and its arguments
 */

const VITE = "vite/bin/vite.js";
/** Whatever changes here changes every part. */
const COMMON = ["package-lock.json", "tsconfig.base.json", "shared"];
/** Tests and what only tools read change no part. */
const IGNORED = /\.test\.tsx?$|\.md$|\.jsonl$|\.sql$|^\./;

/** @type {readonly Part[]} */
export const PARTS = [
  {
    name: "server",
    sources: ["server"],
    output: "dist/server/main.js",
    command: ["typescript/bin/tsc", "-b", "server"],
  },
  bundle("programs", "dist/programs/main.js", ["server"]),
  bundle("loader", "dist/web/loader/lipia.js", ["widget"]),
  bundle("checkout", "dist/web/checkout/manifest.json", ["widget"]),
  bundle("pages", "dist/web/pages/manifest.json", [
    "dashboard",
    "server/simulator/handset",
    "server/demo/page",
  ]),
];

/**
 * @param {string} name the mode of vite.config.ts
 * @param {string} output
 * @param {readonly string[]} sources
 * @returns {Part}
 */
function bundle(name, output, sources) {
  return {
    name,
    output,
    sources: [...sources, "vite.config.ts"],
    command: [VITE, "build", "--mode", name, "--logLevel", "warn"],
  };
}

/** A digest of everything a part is made from. @param {Part} part */
export function fingerprint(part) {
  const hash = createHash("sha256").update(JSON.stringify(part));
  for (const source of [...COMMON, ...part.sources]) addTo(hash, source);
  return hash.digest("hex");
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} path from the root
 */
function addTo(hash, path) {
  const full = join(root, path);
  if (!existsSync(full)) return;
  if (!statSync(full).isDirectory()) {
    hash.update(`${path}\0`).update(readFileSync(full)).update("\0");
    return;
  }
  const names = readdirSync(full).sort();
  for (const name of names) if (!IGNORED.test(name)) addTo(hash, `${path}/${name}`);
}

/** Whether the part's output is there at all. @param {Part} part */
export function isThere(part) {
  return existsSync(join(root, part.output));
}
