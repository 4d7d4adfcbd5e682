/**
 * Three bundles: the loader that shops embed, the checkout (frame and hosted page) that must stay
 * within one TCP window, and the pages for people with time (dashboard, handset, demo shop).
 * They are built apart so that no shared chunk grows the checkout. tools/build.mjs picks by mode.
 */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, type UserConfig } from "vite";

const transports = fileURLToPath(new URL("widget/checkout/transports.ts", import.meta.url));

/** Vite's preload helper costs 1.3 kB and has nothing to preload here: no late chunk has a style. */
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) =>
    id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null,
};

const shared: UserConfig = {
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};

const bundles: Record<string, UserConfig> = {
  loader: {
    build: {
      outDir: "dist/web/loader",
      target: "es2019",
      lib: {
        entry: "widget/embed.ts",
        formats: ["iife"],
        name: "LipiaLoader",
        fileName: () => "lipia.js",
      },
    },
  },
  checkout: {
    // engine.io's table of transports names polling, so nothing but an alias keeps it out; the
    // sockets are websocket-only (contract §8), and that saves a sixth of the client.
    resolve: { alias: [{ find: /^.*\/transports\/index\.js$/, replacement: transports }] },
    plugins: [plainImports],
    base: "/assets/checkout/",
    build: {
      outDir: "dist/web/checkout",
      target: "es2020",
      manifest: "manifest.json",
      assetsDir: "",
      modulePreload: false,
      rollupOptions: {
        input: { checkout: "widget/checkout/main.tsx" },
        treeshake: { moduleSideEffects: (id) => !id.includes("/transports/polling") },
      },
    },
  },
  pages: {
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
          handset: "server/simulator/handset/main.tsx",
          demo: "server/demo/page/main.ts",
        },
      },
    },
  },
};

export default defineConfig(({ mode }) => {
  const bundle = bundles[mode] ?? bundles.pages;
  return { ...shared, ...bundle };
});
