/**
 * Three bundles: the loader that shops embed, the checkout (frame and hosted page) that must stay
 * within one TCP window, and the pages for people with time (dashboard, handset, demo shop).
 * They are built apart so that no shared chunk grows the checkout. tools/build.mjs picks by mode.
 */
import { defineConfig, type UserConfig } from "vite";

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
    base: "/assets/checkout/",
    build: {
      outDir: "dist/web/checkout",
      target: "es2020",
      manifest: "manifest.json",
      assetsDir: "",
      modulePreload: false,
      rollupOptions: { input: { checkout: "widget/checkout/main.tsx" } },
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
