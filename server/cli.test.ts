/** The commands as a person or a script runs them: a process, its answer, its exit code (contract §1). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MerchantId, UserId } from "./core/payment.ts";
import { createSeal } from "./db/seal.ts";
import { openSqlite } from "./db/sqlite.ts";
import { createStore } from "./db/store.ts";
import { passwordFits } from "./flows/passwords.ts";
import { packageRoot } from "./package-root.ts";
import { ringFromFile } from "./secret.ts";
import { sha256Hex } from "./tokens.ts";

let folder: string;
let url: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-cli-"));
  url = `file:${join(folder, "data", "lipia.db")}`;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function lipia(args: readonly string[], input = "", env: Record<string, string> = {}) {
  const program = join(packageRoot(), "server", "cli.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, ...args], {
    cwd: packageRoot(),
    env: { PATH: process.env.PATH, DATABASE_URL: url, ...env },
  });
  const [out, err] = [collected(child.stdout), collected(child.stderr)];
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code, out: await out, err: await err };
}

async function collected(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

async function store(seal = createSeal(Buffer.alloc(32))) {
  return createStore(await openSqlite(url.slice("file:".length)), seal);
}

describe("keys create --json", () => {
  test("prints one JSON object of four test keys and nothing else, and the secret one works", async () => {
    const { code, out, err } = await lipia(["keys", "create", "--json"]);
    expect([code, err]).toEqual([0, ""]);
    const keys = JSON.parse(out);
    expect(keys).toEqual({
      publishableKey: expect.stringMatching(/^pk_test_[\w-]{43}$/),
      secretKey: expect.stringMatching(/^sk_test_[\w-]{43}$/),
      signingKey: expect.stringMatching(/^sgn_test_[\w-]{43}$/),
      webhookSecret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    const opened = await store();
    expect(await opened.merchants.keyByHash(sha256Hex(keys.secretKey))).toMatchObject({
      kind: "secret",
      environment: "simulator",
    });
    await opened.close();
  });

  test("makes them for a merchant that was added, by name or id, and for nobody by chance", async () => {
    // Under the house's own secret: a row of the audit log must verify afterwards.
    const { current } = ringFromFile(join(folder, "data", "lipia.secret"));
    const opened = await store(createSeal(current));
    const kiosk = async (n: number) => {
      const id = `mer_kiosk${n}` as MerchantId;
      const numbers = { shortcode: `60000${n}`, till: null, pull: "off" as const };
      await opened.merchants.add(
        { id, environment: "simulator", name: "Kiosk", ...numbers, credentialsSealed: null },
        { at: 1, actor: "command", action: "merchant_added", target: id, details: {} },
      );
      return id;
    };
    const id = await kiosk(1);
    for (const named of [" kiosk", id]) {
      const { code, out } = await lipia(["keys", "create", "--json", "--merchant", named]);
      expect(code).toBe(0);
      const hash = sha256Hex(JSON.parse(out).secretKey);
      expect(await opened.merchants.keyByHash(hash)).toMatchObject({ merchantId: id });
    }
    await kiosk(2);
    const unclear = await lipia(["keys", "create", "--merchant", "Kiosk"]);
    expect([unclear.code, unclear.out]).toEqual([1, ""]);
    expect(unclear.err).toMatch(/More than one merchant is called "Kiosk".*mer_kiosk2/s);
    await opened.close();
  });

  test("a configuration that cannot work is one sentence, not a stack", async () => {
    const env = { DATABASE_URL: "postgres://db/lipia" };
    const { code, out, err } = await lipia(["keys", "create", "--json"], "", env);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/PostgreSQL is not available/);
    expect(err).not.toMatch(/ at .*\.ts/);
  });
});

describe("user add", () => {
  test("makes an owner whose password is the line that was read, and never shows it", async () => {
    const { code, out, err } = await lipia(["user", "add", "Ann@Shop.co.ke"], "a long password\n");
    expect([code, out]).toEqual([0, "Ann@Shop.co.ke can sign in now, as owner.\n"]);
    expect(err).not.toContain("a long password");
    const opened = await store();
    const user = await opened.people.userByEmail("ann@shop.co.ke");
    const noted = await opened.audit.list({ limit: 5, action: "user_added" });
    await opened.close();
    expect(user?.role).toBe("owner");
    expect(await passwordFits("a long password", user?.passwordHash ?? null)).toBe(true);
    const again = await lipia(["user", "add", "ann@shop.co.ke"], "another password\n");
    expect([again.code, again.out]).toEqual([1, ""]);
    expect(again.err).toMatch(/has an account already/);
    expect(noted.rows).toMatchObject([{ actor: "command", target: user?.id }]);
  });

  test("gives the role that is named, and refuses one that is none", async () => {
    const add = (role: string) =>
      lipia(["user", "add", "vic@shop.co.ke", "--role", role], "a long password\n");
    const odd = await add("king");
    expect([odd.code, odd.out]).toEqual([1, ""]);
    expect(odd.err).toMatch(/"king" is no role; choose one of owner, manager, operator, viewer/);
    expect((await add("viewer")).out).toBe("vic@shop.co.ke can sign in now, as viewer.\n");
    const opened = await store();
    expect((await opened.people.userByEmail("vic@shop.co.ke"))?.role).toBe("viewer");
    await opened.close();
  });

  test.each([
    ["", /No password was given/],
    ["short\n", /10 to 256 characters/],
  ])("with the input %j it fails and adds nobody", async (input, words) => {
    const { code, out, err } = await lipia(["user", "add", "bob@shop.co.ke"], input);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(words);
  });
});

describe("user reset", () => {
  const SECOND = { id: "pk_1", credentialId: "credential", publicKey: "key", signCount: 0 };

  test("gives a new password, ends every session, and leaves the second factor", async () => {
    await lipia(["user", "add", "lost@shop.co.ke"], "a long password\n");
    const { current } = ringFromFile(join(folder, "data", "lipia.secret"));
    const before = await store(createSeal(current));
    const user = await before.people.userByEmail("lost@shop.co.ke");
    const userId = user?.id as UserId;
    const at = Date.now();
    const session = { idHash: "session", userId, createdAt: at, expiresAt: at + 3_600_000 };
    await before.people.openSession(session);
    const audit = {
      at,
      actor: userId,
      action: "passkey_added",
      target: null,
      details: {},
    } as const;
    const passkey = { ...SECOND, userId, transports: [], name: "Phone", createdAt: at };
    expect(await before.passkeys.add(passkey, ["code"], audit)).toBe("added");
    await before.close();

    const { code, out, err } = await lipia(
      ["user", "reset", "Lost@shop.co.ke"],
      "another password\n",
    );
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/signed out everywhere.\nThe second factor stays/),
    ]);
    expect(out + err).not.toContain("another password");
    const after = await store();
    const now = await after.people.userByEmail("lost@shop.co.ke");
    expect(await passwordFits("another password", now?.passwordHash ?? null)).toBe(true);
    expect(await passwordFits("a long password", now?.passwordHash ?? null)).toBe(false);
    expect(await after.people.sessionsOf(userId, at)).toEqual([]);
    expect(await after.factors.kinds(userId)).toEqual(["passkey"]);
    const noted = await after.audit.list({ limit: 5, action: "password_reset" });
    expect(noted.rows).toMatchObject([{ actor: "command", target: userId }]);
    await after.close();

    const bare = await lipia(
      ["user", "reset", "lost@shop.co.ke", "--without-second-factor"],
      "a third password\n",
    );
    expect([bare.code, bare.out]).toEqual([0, expect.stringMatching(/No second factor is left/)]);
    const last = await store();
    expect(await last.factors.kinds(userId)).toEqual([]);
    expect(await last.factors.codesLeft(userId)).toBe(0);
    await last.close();
  });

  test("makes nobody, and changes nothing without a password", async () => {
    const unknown = await lipia(["user", "reset", "nobody@shop.co.ke"], "a long password\n");
    expect([unknown.code, unknown.out]).toEqual([1, ""]);
    expect(unknown.err).toMatch(/Nobody signs in as nobody@shop\.co\.ke/);
    const empty = await lipia(["user", "reset", "ann@shop.co.ke"], "");
    expect([empty.code, empty.out]).toEqual([1, ""]);
    expect(empty.err).toMatch(/nothing was changed/);
  });
});

describe("erase", () => {
  test("asks for the last four digits, says what it did, and writes no number down", async () => {
    const wrong = await lipia(["erase", "0712 345 678"], "5679\n");
    expect([wrong.code, wrong.out]).toEqual([1, ""]);
    expect(wrong.err).toMatch(/nothing was erased/);
    const silent = await lipia(["erase", "0712345678"]);
    expect([silent.code, silent.out]).toEqual([1, ""]);
    const right = await lipia(["erase", "0712 345 678"], "5678\n");
    expect(right.code).toBe(0);
    expect(right.out).toMatch(/^Erased. Where the number stood: attempts 0, payments 0, /);
    expect((await lipia(["erase", "+254712345678", "--yes"])).code).toBe(0);
    const opened = await store();
    const noted = await opened.audit.list({ limit: 9, action: "number_erased" });
    await opened.close();
    expect(noted.rows).toMatchObject([
      { actor: "command", target: null, details: { ending: "78", attempts: 0 } },
      { actor: "command" },
    ]);
    expect(JSON.stringify(noted)).not.toContain("345678");
  });

  test.each([[[]], [["07123"]], [["0712345678", "0712345679"]]])(
    "wants one Kenyan number: %j",
    async (numbers) => {
      const { code, err } = await lipia(["erase", ...numbers, "--yes"]);
      expect([code, err]).toEqual([1, "Name one Kenyan mobile number: lipia erase 0712345678\n"]);
    },
  );
});

describe("audit verify", () => {
  const dbPath = () => url.slice("file:".length);
  /** What only somebody at the file can do. */
  function tamper(statement: string): void {
    const client = new Database(dbPath());
    client.exec(statement);
    client.close();
  }

  test("names the row that somebody touched, and misses a noted hash that was cut off", async () => {
    await lipia(["keys", "create"]);
    const whole = await lipia(["audit", "verify"]);
    expect([whole.code, whole.err]).toEqual([0, ""]);
    const [, count, hash = ""] =
      /^(\d+) rows, all as they were written\.\nNewest: ([0-9a-f]{64})\n$/.exec(whole.out) ?? [];
    expect(Number(count)).toBeGreaterThanOrEqual(4);

    tamper("delete from audit where id = (select max(id) from audit)");
    const cut = await lipia(["audit", "verify", hash]);
    expect(cut.code).toBe(1);
    expect(cut.out).toMatch(/The noted hash is not in the log/);

    tamper("update audit set actor = 'usr_somebody' where id = '000000000002'");
    const touched = await lipia(["audit", "verify"]);
    expect(touched.code).toBe(1);
    expect(touched.out).toMatch(/^Row 2 says something else.*\nRows before it .*: 1\./);
    // Four processes, each some seconds on a busy machine.
  }, 60_000);
});

test.each([
  [[], 0, /keys create/],
  [["--help"], 0, /secret rotate/],
  [["constructor", "--help"], 1, /no command "constructor"/],
  [["backups", "x"], 1, /no command "backups x"/],
  [["secret"], 1, /no command "secret"/],
  [["--nothing"], 1, /is no command/],
  [["backup"], 1, /Name one file/],
  [["keys", "create", "--merchant", "x"], 1, /no merchant called "x"/],
  [["audit", "verify", "abc"], 1, /HASH is 64 digits/],
  [["orphans", "--jsn"], 1, /--jsn.*See: lipia orphans --help/s],
  [["secret", "rotate", "--help"], 0, /lipia secret rotate/],
])("%j", async (args, code, words) => {
  const told = await lipia(args);
  expect(told.code).toBe(code);
  expect(code === 0 ? told.out : told.err).toMatch(words);
  expect(code === 0 ? told.err : told.out).toBe("");
});
