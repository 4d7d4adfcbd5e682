/**
 * The built browser files, read once at start and answered from memory. Their compressed forms are
 * made by the build and lie beside them.
 * Names of bundle files carry their content's hash, so they never change; the loader's does not.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { RequestHandler } from "express";
import { type Entry, type Manifest, resolveEntry } from "./asset-manifest.ts";

export type Bundle = "checkout" | "pages";

export interface Assets {
  /** Answers GET and HEAD of our asset paths; passes every other request on. */
  readonly handler: RequestHandler;
  /** What a page's HTML must name to start one entry of vite.config.ts; throws for an unknown one. */
  entry(bundle: Bundle, name: string): Entry;
}

interface Variant {
  readonly encoding: "br" | "gzip" | "identity";
  readonly body: Buffer;
  readonly etag: string;
}

interface Asset {
  readonly headers: Readonly<Record<string, string>>;
  /** Best first; the last is the plain one. */
  readonly variants: readonly Variant[];
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};
/** Pictures and fonts are compressed already. */
const COMPRESSED = new Set([".js", ".css", ".svg"]);

const BUNDLE_HEADERS = {
  "Cache-Control": "public, max-age=31536000, immutable",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Shops of any origin load it, and an update must reach them within minutes (contract §6). */
const LOADER_HEADERS = {
  "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Access-Control-Allow-Origin": "*",
  "Timing-Allow-Origin": "*",
};

/**
 * Reads dist/web below `root`, the package's folder. Throws when a bundle is missing, naming the
 * command that makes it.
 */
export async function loadAssets(root: string): Promise<Assets> {
  const web = join(root, "dist", "web");
  const [checkout, pages, loader] = await Promise.all([
    loadBundle(web, "checkout"),
    loadBundle(web, "pages"),
    needed(toAsset(join(web, "loader", "lipia.js"), LOADER_HEADERS)),
  ]);
  const assets = new Map([...checkout.assets, ...pages.assets, ["/lipia.js", loader]]);
  const manifests = { checkout: checkout.manifest, pages: pages.manifest };
  return {
    handler: serve(assets),
    entry: (bundle, name) => resolveEntry(manifests[bundle], `/assets/${bundle}/`, name),
  };
}

async function loadBundle(
  web: string,
  bundle: Bundle,
): Promise<{ assets: [string, Asset][]; manifest: Manifest }> {
  const folder = join(web, bundle);
  const manifest: Manifest = JSON.parse(
    await needed(readFile(join(folder, "manifest.json"), "utf8")),
  );
  const names = (await readdir(folder)).filter((name) => extname(name) in CONTENT_TYPES);
  const assets = names.map(async (name): Promise<[string, Asset]> => {
    return [`/assets/${bundle}/${name}`, await toAsset(join(folder, name), BUNDLE_HEADERS)];
  });
  return { assets: await needed(Promise.all(assets)), manifest };
}

async function needed<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw new Error("the web pages are not built; run: npm run build", { cause });
  }
}

async function toAsset(file: string, headers: Readonly<Record<string, string>>): Promise<Asset> {
  const body = await readFile(file);
  const type = CONTENT_TYPES[extname(file)] ?? "application/octet-stream";
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  const plain: Variant = { encoding: "identity", body, etag: `"${digest}"` };
  if (!COMPRESSED.has(extname(file))) {
    return { headers: { ...headers, "Content-Type": type }, variants: [plain] };
  }
  const [br, gz] = await Promise.all([readFile(`${file}.br`), readFile(`${file}.gz`)]);
  return {
    headers: { ...headers, "Content-Type": type, Vary: "Accept-Encoding" },
    variants: [
      { encoding: "br", body: br, etag: `"${digest}-br"` },
      { encoding: "gzip", body: gz, etag: `"${digest}-gz"` },
      plain,
    ],
  };
}

function serve(assets: ReadonlyMap<string, Asset>): RequestHandler {
  return (req, res, next) => {
    const asset = assets.get(req.path);
    if (asset === undefined || (req.method !== "GET" && req.method !== "HEAD")) {
      next();
      return;
    }
    const variant = choose(asset, req.acceptsEncodings());
    for (const [name, value] of Object.entries(asset.headers)) res.setHeader(name, value);
    res.setHeader("ETag", variant.etag);
    if (variant.encoding !== "identity") res.setHeader("Content-Encoding", variant.encoding);
    // Express compares If-None-Match with the ETag just set.
    if (req.fresh) {
      res.removeHeader("Content-Type");
      res.removeHeader("Content-Encoding");
      res.status(304).end();
      return;
    }
    res.setHeader("Content-Length", variant.body.length);
    res.status(200).end(req.method === "HEAD" ? undefined : variant.body);
  };
}

/** The smallest variant the client takes; the plain one when it names none of ours. */
function choose(asset: Asset, accepted: readonly string[]): Variant {
  const best = asset.variants.find(({ encoding }) => accepted.includes(encoding));
  const plain = asset.variants.at(-1);
  const variant = best ?? plain;
  if (variant === undefined) throw new Error("an asset always has its plain variant");
  return variant;
}
