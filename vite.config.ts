/**
 * Three bundles for browsers: the loader that shops embed, the checkout (frame and hosted page) that must stay
 * within one TCP window, and the pages for people with time (dashboard, handset, demo shop).
 * They are built apart so that no shared chunk grows the checkout. And one for Node: the programs that
 * people start, in one file each, because reading seven hundred modules one by one is most of a start.
 * tools/build.mjs picks by mode.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip, constants as zlib } from "node:zlib";
import { defineConfig, type Plugin, type UserConfig } from "vite";

/**
 * Parts of the socket client that the checkout cannot use: sockets are websocket-only (contract
 * §8), and a nudge is two fields of JSON, never binary. They cannot be tree-shaken, since tables
 * and switches name them, so an alias puts a few lines in their place.
 */
const stand = (name: string) =>
  fileURLToPath(new URL(`widget/checkout/stand-ins/${name}.ts`, import.meta.url));
const leanSocket = [
  { find: /^.*\/transports\/index\.js$/, replacement: stand("transports") },
  { find: /^.*\/(is-)?binary\.js$/, replacement: stand("binary") },
  { find: /^.*\/base64-arraybuffer\.js$/, replacement: stand("base64") },
  { find: /^.*\/parseuri\.js$/, replacement: stand("parse-uri") },
  { find: /^.*\/encodePacket\.js$/, replacement: stand("encode-packet") },
];

/** Vite's preload helper costs 1.3 kB and has nothing to preload here: no late chunk has a style. */
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) =>
    id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null,
};

/**
 * Lays each file's compressed forms beside it. The best compression takes more than a second of a
 * processor for all of them: once at a build and not at every start of the server.
 */
const compressed: Plugin = {
  name: "compressed",
  async writeBundle({ dir = "" }, bundle) {
    const names = Object.keys(bundle).filter((name) => /\.(js|css|svg)$/.test(name));
    await Promise.all(names.map((name) => compress(join(dir, name))));
  },
};

async function compress(file: string): Promise<void> {
  const body = await readFile(file);
  const best = { params: { [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY } };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(body, best));
  await writeFile(`${file}.gz`, await promisify(gzip)(body, { level: 9 }));
}

const shared: UserConfig = {
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};

const bundles: Record<string, UserConfig> = {
  loader: {
    plugins: [compressed],
    build: {
      outDir: "dist/web/loader",
      // As the checkout: a browser that cannot run that has no use for the loader.
      target: "es2020",
      lib: {
        entry: "widget/embed.ts",
        formats: ["iife"],
        name: "LipiaLoader",
        fileName: () => "lipia.js",
      },
    },
  },
  checkout: {
    resolve: { alias: leanSocket },
    plugins: [plainImports, compressed],
    base: "/assets/checkout/",
    build: {
      outDir: "dist/web/checkout",
      target: "es2020",
      manifest: "manifest.json",
      assetsDir: "",
      modulePreload: false,
      rollupOptions: {
        input: { checkout: "widget/checkout/main.tsx" },
        treeshake: { moduleSideEffects: (id) => !/transports\/polling|io-client\/build/.test(id) },
      },
    },
  },
  pages: {
    plugins: [compressed],
    base: "/assets/pages/",
    build: {
      outDir: "dist/web/pages",
      target: "es2022",
      manifest: "manifest.json",
      assetsDir: "",
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: {
          dashboard: "dashboard/main.tsx",
          preview: "widget/preview/main.tsx",
          handset: "server/simulator/handset/main.tsx",
          demo: "server/demo/page/main.ts",
        },
      },
    },
  },
};

/** What is compiled for the machine stays a package; all else of node_modules goes in. */
const NATIVE = ["better-sqlite3", "@node-rs/argon2"];

const programs: UserConfig = {
  ssr: { noExternal: true, external: NATIVE },
  build: {
    ssr: true,
    outDir: "dist/programs",
    target: "node20",
    // A stack trace is read by whoever runs this.
    minify: false,
    rollupOptions: {
      input: {
        main: "server/main.ts",
        cli: "server/cli.ts",
        "check-file": "server/db/check-file.ts",
      },
    },
  },
};

export default defineConfig(({ mode }) => {
  const bundle = mode === "programs" ? programs : (bundles[mode] ?? bundles.pages);
  return { ...shared, ...bundle };
});
