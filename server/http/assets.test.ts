import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import express from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Assets, loadAssets } from "./assets.ts";

const LOADER = "/* the loader */\n".repeat(40);
const SCRIPT = "export const paid = true;\n".repeat(40);

let root: string;
let assets: Assets;
let server: Server;
let port: number;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lipia-assets-"));
  await put("loader/lipia.js", LOADER);
  await put("checkout/checkout-abc.js", SCRIPT);
  await put("checkout/checkout-abc.css", "body{color:black}");
  await put("checkout/live-def.js", SCRIPT);
  await put("checkout/checkout-abc.js.map", "{}");
  await put(
    "checkout/manifest.json",
    JSON.stringify({
      "widget/checkout/main.tsx": {
        file: "checkout-abc.js",
        name: "checkout",
        isEntry: true,
        css: ["checkout-abc.css"],
        dynamicImports: ["widget/checkout/live.ts"],
      },
      "widget/checkout/live.ts": { file: "live-def.js", isDynamicEntry: true },
    }),
  );
  await put("pages/dashboard-abc.js", SCRIPT);
  await put("pages/mark-abc.svg", "<svg/>");
  await put("pages/dot-abc.png", "not really a picture");
  await put(
    "pages/manifest.json",
    JSON.stringify({
      "dashboard/main.tsx": {
        file: "dashboard-abc.js",
        name: "dashboard",
        isEntry: true,
        imports: ["_ui.js", "_base.js"],
        css: ["dashboard.css"],
      },
      "_ui.js": { file: "ui.js", name: "ui", imports: ["_base.js"], css: ["ui.css"] },
      "_base.js": { file: "base.js", name: "base" },
    }),
  );
  assets = await loadAssets(root);
  const app = express().use(assets.handler);
  app.use((_req, res) => {
    res.status(404).send("passed on");
  });
  server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true });
});

async function put(name: string, text: string): Promise<void> {
  const file = join(root, "dist/web", name);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, text);
  await writeFile(`${file}.br`, brotliCompressSync(text));
  await writeFile(`${file}.gz`, gzipSync(text));
}

interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A bare request, since fetch adds its own Accept-Encoding and undoes the coding. */
function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, path, method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => {
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) });
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("the loader", () => {
  test("may be loaded and measured by any shop, and is asked for again within minutes", async () => {
    const { status, headers, body } = await get("/lipia.js");
    expect(status).toBe(200);
    expect(body.toString()).toBe(LOADER);
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cross-origin-resource-policy": "cross-origin",
      "access-control-allow-origin": "*",
      "timing-allow-origin": "*",
      "cache-control": "public, max-age=300, stale-while-revalidate=86400",
    });
  });

  test("is answered 304 without a body while it has not changed", async () => {
    const headers = { "Accept-Encoding": "gzip, br" };
    const etag = String((await get("/lipia.js", headers)).headers.etag);
    const again = await get("/lipia.js", { ...headers, "If-None-Match": etag });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect(again.headers).toMatchObject({ etag, "access-control-allow-origin": "*" });
    expect((await get("/lipia.js", { "If-None-Match": '"other"' })).status).toBe(200);
  });
});

describe("bundle files", () => {
  test("are kept by browsers for good and given to our own pages only", async () => {
    expect((await get("/assets/checkout/checkout-abc.js")).headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-resource-policy": "same-origin",
      vary: "Accept-Encoding",
    });
  });

  test.each([
    ["/assets/checkout/checkout-abc.css", "text/css; charset=utf-8"],
    ["/assets/pages/dashboard-abc.js", "text/javascript; charset=utf-8"],
    ["/assets/pages/mark-abc.svg", "image/svg+xml"],
    ["/assets/pages/dot-abc.png", "image/png"],
  ])("%s is %s", async (path, type) => {
    const { status, headers } = await get(path);
    expect([status, headers["content-type"]]).toEqual([200, type]);
  });

  test.each([
    ["br, gzip", "br", brotliDecompressSync],
    ["gzip", "gzip", gunzipSync],
    ["br;q=0, gzip", "gzip", gunzipSync],
    ["zstd", undefined, (body: Buffer) => body],
    ["", undefined, (body: Buffer) => body],
  ])("Accept-Encoding %j is answered with %s", async (accepted, coding, undo) => {
    const answer = await get("/assets/checkout/checkout-abc.js", { "Accept-Encoding": accepted });
    expect(answer.headers["content-encoding"]).toBe(coding);
    expect(undo(answer.body).toString()).toBe(SCRIPT);
  });

  test("each coding has an ETag of its own", async () => {
    const etags = await Promise.all(
      ["br", "gzip", "identity"].map(
        async (coding) => (await get("/lipia.js", { "Accept-Encoding": coding })).headers.etag,
      ),
    );
    expect(new Set(etags).size).toBe(3);
  });

  test("HEAD has the headers of GET and no body", async () => {
    const path = "/assets/checkout/checkout-abc.js";
    const [head, full] = [await get(path, {}, "HEAD"), await get(path)];
    expect(head.body).toHaveLength(0);
    expect(head.headers["content-length"]).toBe(String(full.body.length));
    expect(head.headers.etag).toBe(full.headers.etag);
  });

  test("a picture is not compressed again", async () => {
    const answer = await get("/assets/pages/dot-abc.png", { "Accept-Encoding": "br" });
    expect(answer.headers["content-encoding"]).toBeUndefined();
  });

  test.each([
    "/assets/checkout/manifest.json",
    "/assets/checkout/checkout-abc.js.map",
    "/assets/checkout/../loader/lipia.js",
    "/assets/checkout/%2e%2e/manifest.json",
    "/assets/checkout/none.js",
  ])("%s is not served", async (path) => {
    const { status, body } = await get(path);
    expect([status, body.toString()]).toEqual([404, "passed on"]);
  });

  test("a POST is passed on", async () => {
    expect((await get("/lipia.js", {}, "POST")).status).toBe(404);
  });
});

describe("entries", () => {
  test("the checkout names its script and style, not what it loads later", () => {
    expect(assets.entry("checkout", "checkout")).toEqual({
      script: "/assets/checkout/checkout-abc.js",
      styles: ["/assets/checkout/checkout-abc.css"],
      preloads: [],
    });
  });

  test("shared chunks are preloaded once, and their styles come before the entry's own", () => {
    expect(assets.entry("pages", "dashboard")).toEqual({
      script: "/assets/pages/dashboard-abc.js",
      styles: ["/assets/pages/ui.css", "/assets/pages/dashboard.css"],
      preloads: ["/assets/pages/base.js", "/assets/pages/ui.js"],
    });
  });

  test("an unknown entry is a mistake in our code", () => {
    expect(() => assets.entry("pages", "nothing")).toThrow("no entry named nothing");
  });
});

test("without a build, the refusal names the command", async () => {
  await expect(loadAssets(join(root, "nowhere"))).rejects.toThrow("npm run build");
});
