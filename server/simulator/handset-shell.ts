/** The handset's page for a simulator that runs alone; inside Lipia the app serves it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type Response, Router } from "express";
import { z } from "zod";
import { packageRoot } from "../package-root.ts";

const ENTRY = "server/simulator/handset/main.tsx";
const BASE = "/assets/pages/";
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

const NOT_BUILT = "The handset page is not built yet. Run: npm run build\n";

/** vite's manifest, as far as a page with one entry needs it. */
const manifestShape = z.record(
  z.string(),
  z.object({
    file: z.string(),
    css: z.array(z.string()).default([]),
    imports: z.array(z.string()).default([]),
  }),
);
type Manifest = z.infer<typeof manifestShape>;

/** Where the build leaves the pages. */
export function builtPages(): string {
  return join(packageRoot(), "dist/web/pages");
}

/** `GET /handset` and the built assets of `folder` below `/assets/pages`. */
export function handsetShell(folder: string): Router {
  const router = Router();
  router.use(BASE, express.static(folder, { immutable: true, maxAge: "1y", index: false }));
  router.get("/handset", (_req, res) => sendShell(res, folder));
  router.get("/", (_req, res) => res.redirect("/handset"));
  return router;
}

function sendShell(res: Response, folder: string): void {
  const html = shellHtml(folder);
  res.set({ "Content-Security-Policy": POLICY, "Cache-Control": "no-cache" });
  if (html === null) res.status(503).type("text").send(NOT_BUILT);
  else res.type("html").send(html);
}

/** Read on each visit: the page is seldom opened and may be built while the simulator runs. */
function shellHtml(folder: string): string | null {
  const manifest = readManifest(folder);
  const entry = manifest?.[ENTRY];
  if (!manifest || !entry) return null;
  const styles = stylesOf(manifest, ENTRY).map(
    (file) => `<link rel="stylesheet" href="${BASE}${file}">`,
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><title>Handset · Lipia simulator</title>',
    '<link rel="icon" href="data:,">',
    ...styles,
    `<script type="module" src="${BASE}${entry.file}"></script>`,
    '</head><body><div id="app"></div></body></html>',
  ].join("\n");
}

function readManifest(folder: string): Manifest | null {
  try {
    const text = readFileSync(join(folder, "manifest.json"), "utf8");
    const parsed = manifestShape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The entry's own styles and those of the chunks it imports. */
function stylesOf(manifest: Manifest, key: string, seen = new Set<string>()): readonly string[] {
  const chunk = manifest[key];
  if (chunk === undefined || seen.has(key)) return [];
  seen.add(key);
  const inherited = chunk.imports.flatMap((name) => stylesOf(manifest, name, seen));
  return [...new Set([...inherited, ...chunk.css])];
}
