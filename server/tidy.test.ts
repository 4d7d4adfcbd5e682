/** The rules of the house, as a test: each failure names the file and what to do instead. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ROUTES, type RouteName } from "../shared/api.ts";
import { machineTable } from "./core/machine-doc.ts";
import { type Manifest, resolveEntry } from "./http/asset-manifest.ts";
import { packageRoot } from "./package-root.ts";

const ROOT = packageRoot();
const SKIPPED_FOLDERS = new Set([
  "node_modules",
  ".git",
  "dist",
  "data",
  "coverage",
  "test-results",
  "playwright-report",
]);

interface Source {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

interface Import {
  /** A path from the root for our own files, else the package's name. */
  readonly target: string;
  readonly own: boolean;
  readonly kind: "type" | "value";
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : walk(path);
    return [path];
  });
}

const paths = walk(".");
const sources: readonly Source[] = paths
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

function isTest({ path }: Source): boolean {
  return /\.test\.tsx?$|\.contract\.ts$|^e2e\//.test(path);
}

const shipped = sources.filter((source) => !isTest(source));

/** Static and dynamic imports and re-exports, without a parser: our formatter keeps their shape. */
function importsOf({ path, text }: Source): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: string, kind: Import["kind"]): void => {
    const own = specifier.startsWith(".");
    const target = own ? posix.normalize(posix.join(dirname(path), specifier)) : specifier;
    found.push({ target, own, kind });
  };
  const statements =
    /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\sfrom\s+)?["']([^"']+)["']/gm;
  for (const [, type, specifier = ""] of text.matchAll(statements)) {
    add(specifier, type === undefined ? "value" : "type");
  }
  for (const [, specifier = ""] of text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)) {
    add(specifier, "value");
  }
  return found;
}

/** Lines such as `server/x.ts: why`, for the files that `fault` finds something in. */
function faults(files: readonly Source[], fault: (source: Source) => readonly string[]): string[] {
  return files.flatMap((source) => fault(source).map((words) => `${source.path}: ${words}`));
}

function linesMatching(source: Source, pattern: RegExp, advice: string): readonly string[] {
  return source.text
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [`line ${index + 1}: ${advice}`] : []));
}

interface Arrow {
  readonly room: string;
  readonly files: RegExp;
  /** Own files it may import; itself is always among them. */
  readonly own: RegExp;
  readonly packages: RegExp;
  readonly instead: string;
}

const BROWSER_PACKAGES =
  /^(preact(\/.*)?|@preact\/signals|preact-iso|(socket|engine)\.io-client|@simplewebauthn\/browser)$/;
const ANY = /./;
const NONE = /^$/;

/** Leaves beside the composition root that every room of the server may use: they import ports at most. */
const LEAVES = "server/(ports|events|clock|ids|log|secret|tokens|package-root)\\.ts";
const ADAPTER_OWN = `^shared/|^server/core/|^${LEAVES}`;

const ARROWS: readonly Arrow[] = [
  {
    room: "shared",
    files: /^shared\//,
    own: NONE,
    packages: /^zod$/,
    instead: "shared imports zod only; move what needs more to server or to the pages",
  },
  {
    room: "core",
    files: /^server\/core\//,
    own: /^shared\//,
    packages: NONE,
    instead: "the core imports shared and itself only; hand it the value as an argument",
  },
  {
    room: "ports",
    files: /^server\/ports\.ts/,
    own: /^(shared|server\/core)\//,
    packages: NONE,
    instead: "ports are words of the core and shared; put the foreign type behind an interface",
  },
  {
    room: "flows",
    files: /^server\/flows\//,
    own: new RegExp(`^shared/|^server/core/|^${LEAVES}`),
    packages: ANY,
    instead:
      "a flow knows ports, not who implements them; take it as an argument from server/app.ts",
  },
  {
    room: "daraja",
    files: /^server\/daraja\//,
    own: new RegExp(ADAPTER_OWN),
    packages: ANY,
    instead:
      "the Daraja client implements a port and knows no other room; wire it in server/app.ts",
  },
  {
    room: "db",
    files: /^server\/db\//,
    own: new RegExp(ADAPTER_OWN),
    packages: ANY,
    instead: "the store implements a port and knows no other room; wire it in server/app.ts",
  },
  {
    room: "push",
    files: /^server\/push\//,
    own: new RegExp(ADAPTER_OWN),
    packages: ANY,
    instead: "push implements a port and knows no other room; wire it in server/app.ts",
  },
  {
    room: "mail",
    files: /^server\/mail\//,
    own: new RegExp(ADAPTER_OWN),
    packages: ANY,
    instead: "the mailer implements a port and knows no other room; wire it in server/app.ts",
  },
  {
    room: "simulator",
    files: /^server\/simulator\/(?!handset\/)/,
    own: new RegExp(`${ADAPTER_OWN}|^server/http/(problem|route)\\.ts`),
    packages: ANY,
    instead: "the simulator stands outside, like Daraja itself; it may not look into our rooms",
  },
  {
    room: "http",
    files: /^server\/http\//,
    own: new RegExp(`^shared/|^server/(core|flows)/|^${LEAVES}`),
    packages: /^(?!better-sqlite3|drizzle-orm|socket\.io)/,
    instead: "routes call flows and ports; take the adapter as an argument from server/app.ts",
  },
  {
    room: "jobs",
    files: /^server\/jobs\//,
    own: new RegExp(`^shared/|^server/(core|flows)/|^${LEAVES}`),
    packages: /^node:/,
    instead: "jobs call flows and ports; take the adapter as an argument from server/app.ts",
  },
  {
    room: "widget",
    files: /^widget\//,
    own: /^shared\//,
    packages: BROWSER_PACKAGES,
    instead: "the widget imports shared, preact and the socket client only",
  },
  {
    room: "dashboard",
    files: /^dashboard\//,
    own: /^shared\//,
    packages: BROWSER_PACKAGES,
    instead: "the dashboard imports shared and preact; it asks the server over HTTP",
  },
  {
    room: "handset and demo shop",
    files: /^server\/(simulator\/handset|demo\/page)\//,
    own: /^shared\/|^dashboard\/(ui|charts)\//,
    packages: BROWSER_PACKAGES,
    instead: "a page imports shared, preact and dashboard/ui; it asks the server over HTTP",
  },
];

describe("arrows", () => {
  test.each(ARROWS)("$room", ({ files, own, packages, instead }) => {
    const room = shipped.filter(({ path }) => files.test(path));
    const wrong = faults(room, (source) =>
      importsOf(source)
        .filter(({ target, own: isOwn }) =>
          isOwn ? !files.test(target) && !own.test(target) : !packages.test(target),
        )
        .map(({ target }) => `imports ${target}; ${instead}`),
    );
    expect(wrong).toEqual([]);
  });

  test("the pages know shared/api.ts as types only, since zod is larger than the checkout", () => {
    const pages = shipped.filter(({ path }) =>
      /^(widget|dashboard|server\/demo\/page)\//.test(path),
    );
    const wrong = faults(pages, (source) =>
      importsOf(source)
        .filter(({ target, kind }) => target === "shared/api.ts" && kind === "value")
        .map(() => "imports shared/api.ts as a value; write import type"),
    );
    expect(wrong).toEqual([]);
  });

  test("no file that the pages import as a value imports zod", () => {
    const zodUsers = new Set(
      shipped
        .filter((source) =>
          importsOf(source).some(({ target, kind }) => target === "zod" && kind === "value"),
        )
        .map(({ path }) => path),
    );
    const pages = shipped.filter(({ path }) =>
      /^(widget|dashboard|server\/demo\/page)\//.test(path),
    );
    const wrong = faults(pages, (source) =>
      importsOf(source)
        .filter(({ target, kind }) => kind === "value" && zodUsers.has(target))
        .map(({ target }) => `imports ${target}, which brings zod; write import type`),
    );
    expect(wrong).toEqual([]);
  });

  test("the pieces of dashboard/ui know no page, no route and no API", () => {
    const ui = shipped.filter(({ path }) => /^dashboard\/(ui|charts)\//.test(path));
    const wrong = faults(ui, (source) =>
      importsOf(source)
        .filter(({ target, own }) =>
          own
            ? /^dashboard\/(?!ui\/|charts\/)/.test(target) || target === "shared/api.ts"
            : target === "preact-iso" || target === "socket.io-client",
        )
        .map(({ target }) => `imports ${target}; take the value or a function as a property`),
    );
    expect(wrong).toEqual([]);
  });

  test("the whole is wired in server/app.ts, which nobody imports but the programs", () => {
    const programs =
      /^server\/(main|cli|app|commands)\b|^server\/(bench|drills|simulator\/alone)|^tools\//;
    const wrong = faults(
      shipped.filter(({ path }) => !programs.test(path)),
      (source) =>
        importsOf(source)
          .filter(
            ({ target, kind }) => kind === "value" && /^server\/(app|main|cli)\.ts$/.test(target),
          )
          .map(({ target }) => `imports ${target}; take what it needs as an argument`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("what is done in one place only", () => {
  test("the core has no clock and no chance", () => {
    const core = shipped.filter(({ path }) => /^(server\/core|shared)\//.test(path));
    const wrong = faults(core, (source) =>
      linesMatching(
        source,
        /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\s*\)|\bperformance\.now\b/,
        "asks for the time or for chance; take an Instant or an id as an argument",
      ),
    );
    expect(wrong).toEqual([]);
  });

  /** The engine, and what treats the database as a file. */
  const SQLITE = /^server\/db\/sqlite(-file)?\.ts$/;

  test("statements run in server/db/sqlite.ts only, where they are in a transaction", () => {
    const db = shipped.filter(({ path }) => /^server\/db\//.test(path) && !SQLITE.test(path));
    const wrong = faults(db, (source) =>
      linesMatching(
        source,
        /(?<!Promise|columns|lite|pg)\.(?:all|run)\(|\.get\(\s*\)|\.prepare\([^)]*\)\.(?:get|all|run)\b/,
        "runs a statement; describe it with run() for Engine.commit, or await the query",
      ),
    );
    expect(wrong).toEqual([]);
  });

  test("only server/db/sqlite.ts opens SQLite", () => {
    const rest = shipped.filter(
      ({ path }) => !SQLITE.test(path) && !/^(server\/(bench|drills)|tools)\//.test(path),
    );
    const wrong = faults(rest, (source) =>
      importsOf(source)
        .filter(({ target, kind }) => kind === "value" && target === "better-sqlite3")
        .map(() => "opens a database; go through the Engine of server/db/sqlite.ts"),
    );
    expect(wrong).toEqual([]);
  });

  test("the environment is read in server/config.ts only", () => {
    const rest = shipped.filter(
      ({ path }) =>
        path !== "server/config.ts" &&
        // A program of its own, which has none of our configuration.
        path !== "server/simulator/alone.ts" &&
        !/^(tools|server\/bench)\/|\.config\.ts$/.test(path),
    );
    const wrong = faults(rest, (source) =>
      linesMatching(source, /\bprocess\.env\b/, "reads the environment; take it from Config"),
    );
    expect(wrong).toEqual([]);
  });
});

describe("size and names", () => {
  /** Files that are one list of things, where a cut would only hide half of it. */
  const LONG: Readonly<Record<string, string>> = {
    "shared/api.ts": "the contract, one schema after the other",
    "server/ports.ts": "interfaces only, the map of all ports",
  };
  /** Words by language: as long as there is something to say. */
  const DICTIONARIES = /\/dictionary\/|\/(dictionary|words)\.ts$/;
  const LINES_MAX = 250;

  test(`no file is longer than ${LINES_MAX} lines, but tests and lists`, () => {
    const wrong = shipped
      .filter(({ path }) => !(path in LONG) && !DICTIONARIES.test(path))
      .filter(({ text }) => text.split("\n").length > LINES_MAX + 1)
      .map(
        ({ path }) =>
          `${path}: longer than ${LINES_MAX} lines; move one of its duties to a file of its own`,
      );
    expect(wrong).toEqual([]);
  });

  test("the list of long files names nothing that has become short", () => {
    const short = Object.keys(LONG).filter((path) => {
      const source = shipped.find((one) => one.path === path);
      return source === undefined || source.text.split("\n").length <= LINES_MAX + 1;
    });
    expect(short.map((path) => `${path}: take it off the list LONG in tidy.test.ts`)).toEqual([]);
  });

  const EMPTY_WORDS = ["manager", "handler", "helper", "util", "utils", "service", "processor"];

  test("no file is named after nothing in particular", () => {
    const wrong = paths
      .filter((path) => /^(shared|server|widget|dashboard|e2e|tools)\//.test(path))
      .filter((path) =>
        basename(path, extname(path))
          .split(/[-._]|(?<=[a-z])(?=[A-Z])/)
          .some((word) => EMPTY_WORDS.includes(word.toLowerCase().replace(/s$/, ""))),
      )
      .map((path) => `${path}: name it after what it does, with a word of the glossary`);
    expect(wrong).toEqual([]);
  });

  test("nothing is exported under an empty name", () => {
    const declared =
      /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function|class|interface|type) (\w*(?:Manager|Handler|Helper|Util|Service|Processor)s?)\b/gm;
    const wrong = faults(sources, ({ text }) =>
      [...text.matchAll(declared)].map(
        ([, name]) => `exports ${name}; name it after what it does, with a word of the glossary`,
      ),
    );
    expect(wrong).toEqual([]);
  });

  test("no machine's own paths, and nothing left for later", () => {
    const others = sources.filter(({ path }) => path !== "server/tidy.test.ts");
    const wrong = faults(others, (source) => [
      ...linesMatching(
        source,
        /["'`(\s](?:\/home\/|\/Users\/|\/root\/|\/tmp\/|\/work\/|[A-Z]:\\Users)/,
        "names a folder of one machine; use packageRoot() or os.tmpdir()",
      ),
      ...linesMatching(
        source,
        /\b(?:TODO|FIXME|XXX|HACK)\b|\bdebugger;|\b(?:test|describe|it)\.only\(/,
        "leaves something for later; finish it or open an issue",
      ),
    ]);
    expect(wrong).toEqual([]);
  });
});

describe("what is promised is there", () => {
  const names = Object.keys(ROUTES) as RouteName[];
  const served = shipped.filter(({ path }) => path.startsWith("server/http/"));
  const callers = sources.filter(
    (source) =>
      (isTest(source) || /^(widget|dashboard|server\/bench)\//.test(source.path)) &&
      source.path !== "server/tidy.test.ts",
  );

  /** What many routes begin with and their callers write once. */
  const MOUNTS = /^\/(?:dashboard\/api|checkout\/v1)\//;

  /** The route by its name in ROUTES, or by its path with anything for a parameter. */
  function mentions(name: RouteName): RegExp {
    const path = ROUTES[name].split(" ")[1] ?? "";
    const short = path.replace(MOUNTS, "");
    const before = short === path ? "" : "[\"'`/]";
    const pattern = before + short.split(/:\w+/).map(escaped).join("[^\\s\"'`/?]+");
    return new RegExp(`\\bROUTES\\.${name}\\b|${pattern}(?![\\w/-])`);
  }
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  test.each(names)("%s is served under server/http", (name) => {
    const files = served.filter(({ text }) => mentions(name).test(text));
    expect(
      files.length,
      `${ROUTES[name]}: serve it with ROUTES.${name}, or drop it`,
    ).toBeGreaterThan(0);
  });

  test.each(names)("%s is called by a page or a test", (name) => {
    const files = callers.filter(({ text }) => mentions(name).test(text));
    expect(files.length, `${ROUTES[name]}: call it from a test, or drop it`).toBeGreaterThan(0);
  });

  test("every command that the words of this repository name is there", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const told = paths
      .filter((path) => /\.(md|ts|tsx|mjs)$/.test(path))
      .flatMap((path) => [
        ...readFileSync(join(ROOT, path), "utf8").matchAll(
          /\bnpm run (?:--silent )?([a-z][\w:-]*)/g,
        ),
      ])
      .map(([, name]) => name ?? "");
    const missing = [...new Set(told)].filter((name) => !(name in scripts));
    expect(missing, "add it to the scripts of package.json, or name another").toEqual([]);
  });

  test(".env.example names every variable that server/config.ts reads, and no other", () => {
    const config = shipped
      .filter(({ path }) => /^server\/config(-mpesa|-mail)?\.ts$/.test(path))
      .map(({ text }) => text)
      .join("\n");
    const read = [...config.matchAll(/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"/g)].map(([, name]) => name);
    const example = readFileSync(join(ROOT, ".env.example"), "utf8");
    const offered = [...example.matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    expect([...new Set(offered)].sort()).toEqual([...new Set(read)].sort());
  });

  test("the table of MACHINE.md is the one the code makes", () => {
    const page = readFileSync(join(ROOT, "server/core/MACHINE.md"), "utf8");
    expect(page, "copy the answer of machineTable() into MACHINE.md").toContain(machineTable());
  });
});

describe("bytes a shopper waits for (gzip -9)", () => {
  const WEB = join(ROOT, "dist", "web");
  /** Performance goals A1 and A2: the first load fits one TCP window of ten segments. */
  const LOADER_MAX_BYTES = 2000;
  const FIRST_LOAD_MAX_BYTES = 14_336;
  const ALL_MAX_BYTES = 28_672;
  /** Kept free for the page's HTML; server/http/server.test.ts holds an ordinary page to it. */
  const PAGE_MAX_BYTES = 760;
  /** Loaded in doubt only, so it is no part of the way to a receipt. */
  const DOUBT_CHUNK = /^code-/;
  const DOUBT_MAX_BYTES = 1_400;

  function built(path: string): Buffer {
    const file = join(WEB, path);
    if (!existsSync(file)) throw new Error(`dist/web/${path} is missing; run: npm run build`);
    return readFileSync(file);
  }
  const zipped = (bytes: Buffer | string): number => gzipSync(bytes, { level: 9 }).length;

  test("the loader", () => {
    expect(zipped(built("loader/lipia.js"))).toBeLessThanOrEqual(LOADER_MAX_BYTES);
  });

  test("everything until the receipt", () => {
    built("checkout/manifest.json");
    const files = readdirSync(join(WEB, "checkout")).filter((name) => /\.(js|css)$/.test(name));
    const sizeOf = (names: readonly string[]) =>
      names.reduce((sum, name) => sum + zipped(built(`checkout/${name}`)), 0);
    const inDoubt = files.filter((name) => DOUBT_CHUNK.test(name));
    const ordinary = files.filter((name) => !DOUBT_CHUNK.test(name));
    expect(sizeOf(ordinary) + PAGE_MAX_BYTES).toBeLessThanOrEqual(ALL_MAX_BYTES);
    expect(inDoubt).toHaveLength(1);
    expect(sizeOf(inDoubt)).toBeLessThanOrEqual(DOUBT_MAX_BYTES);
  });

  test("the checkout before the Pay click: page, script and style", () => {
    const manifest: Manifest = JSON.parse(built("checkout/manifest.json").toString());
    const { script, styles, preloads } = resolveEntry(manifest, "checkout/", "checkout");
    const files = [script, ...styles, ...preloads].map((path) => zipped(built(path)));
    const total = files.reduce((sum, size) => sum + size, PAGE_MAX_BYTES);
    expect(total).toBeLessThanOrEqual(FIRST_LOAD_MAX_BYTES);
  });
});
