/** What a shopper's browser loads, gzip -9, from the built files and the page as it is served. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Manifest, resolveEntry } from "../http/asset-manifest.ts";
import { packageRoot } from "../package-root.ts";

export interface Sizes {
  readonly loaderBytes: number;
  /** Page, script and style: what is there before the Pay click. */
  readonly firstLoadBytes: number;
  /** Those and all that is loaded later, until the receipt; without the form that only a payment in doubt loads. */
  readonly untilReceiptBytes: number;
}

/** Reads dist/web and asks for the page once; throws when either is missing. */
export async function sizesOf(checkoutUrl: string): Promise<Sizes> {
  const answer = await fetch(checkoutUrl);
  if (!answer.ok) throw new Error(`the checkout page answered ${answer.status}`);
  const page = zipped(Buffer.from(await answer.arrayBuffer()));
  const web = join(packageRoot(), "dist", "web");
  const sizeOf = (path: string) => zipped(readFileSync(join(web, path)));
  const total = (paths: readonly string[]) => paths.reduce((sum, path) => sum + sizeOf(path), page);
  const manifest: Manifest = JSON.parse(readFileSync(join(web, "checkout/manifest.json"), "utf8"));
  const { script, styles, preloads } = resolveEntry(manifest, "checkout/", "checkout");
  const all = readdirSync(join(web, "checkout")).filter((name) =>
    /^(?!code-).*\.(js|css)$/.test(name),
  );
  return {
    loaderBytes: sizeOf("loader/lipia.js"),
    firstLoadBytes: total([script, ...styles, ...preloads]),
    untilReceiptBytes: total(all.map((name) => `checkout/${name}`)),
  };
}

function zipped(bytes: Buffer): number {
  return gzipSync(bytes, { level: 9 }).length;
}
