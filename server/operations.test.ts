/** What an operator does to a running house: stop, back up, restore, rotate, and what must survive it. */
import { randomBytes } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { Agent, request } from "node:http";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type BuiltHouse, builtHouse, paidBody, post } from "./built-house.test-support.ts";
import { checkSoundness } from "./db/soundness.ts";
import { type LocalDaraja, localDaraja } from "./local-daraja.test-support.ts";
import { replaceRingFile, ringFromFile, rotated } from "./secret.ts";
import { smtpSink } from "./smtp-sink.ts";

const RECEIPT = "TKN7KQ2X4P";
/** Each starts real processes several times; a busy machine needs its time for that. */
vi.setConfig({ testTimeout: 90_000 });

let daraja: LocalDaraja;
let house: BuiltHouse;
beforeAll(async () => {
  daraja = await localDaraja();
});
afterAll(async () => {
  await daraja[Symbol.asyncDispose]();
});
beforeEach(async () => {
  daraja.onPush = (_push, accepted) => accepted;
  house = await builtHouse(daraja);
}, 120_000);
afterEach(async () => {
  await house[Symbol.asyncDispose]();
});

const paymentNow = async (id: string) => (await house.call("GET", `/v1/payments/${id}`)).body;

/** Reads the file as nobody but a test does. */
function rows<T>(path: string, query: string): T[] {
  const client = new Database(path, { readonly: true });
  try {
    return client.prepare(query).all() as T[];
  } finally {
    client.close();
  }
}

describe("backup and restore", () => {
  test("a backup is made while payments come in, verified, and read by its owner only", async () => {
    await house.start();
    const { payment, push } = await house.prompt("0712000001");
    const file = join(house.folder, "copy.db");
    let posted = 0;
    const busy = (async () => {
      for (; posted < 40; posted += 1) {
        await house.call("POST", "/v1/payments", { amount: 5, orderReference: `busy-${posted}` });
      }
    })();
    const made = await house.lipia("backup", file);
    await busy;
    expect([made.code, made.err]).toEqual([0, ""]);
    expect(made.out).toMatch(/copy\.db: .* payments?, 1 prompt, 0 callbacks; newest change 20/);
    expect(made.out).toMatch(/Keep the secret too \(the file .*lipia\.secret\)/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(house.folder).filter((name) => /making|copy\.db-/.test(name))).toEqual([]);
    expect(rows(file, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
    const bytes = readFileSync(file, "latin1");
    expect(bytes).toContain(payment.id);
    expect(bytes).not.toMatch(/254712000001|712000001|ws_CO_/);
    expect(bytes).not.toContain(readFileSync(house.secretPath, "utf8").trim());

    const again = await house.lipia("backup", file);
    expect([again.code, again.out]).toEqual([1, ""]);
    expect(again.err).toMatch(/exists; give --overwrite/);
    expect(await post(push.callbackUrl, paidBody(push, RECEIPT))).toBe(200);
    expect((await house.lipia("backup", file, "--overwrite")).out).toMatch(/1 callback;/);
    const elsewhere = join(house.folder, "elsewhere");
    symlinkSync(dirname(house.path), elsewhere);
    symlinkSync(house.path, join(house.folder, "alias.db"));
    const byLink = join(elsewhere, basename(house.path));
    const targets = [house.path, `${house.path}-wal`, byLink, join(house.folder, "alias.db")];
    for (const target of targets) {
      expect((await house.lipia("backup", target, "--overwrite")).err).toMatch(/database itself/);
    }
  });

  test("a callback for what an older backup does not know is kept and listed, never binned", async () => {
    await house.start();
    const known = await house.prompt("0712000002");
    const file = join(house.folder, "copy.db");
    await house.lipia("backup", file);
    const later = await house.prompt("0712000003");
    const refused = await house.lipia("restore", file);
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.err).toMatch(/A server \(process \d+ on .*\) is using .*Stop it/);
    expect(await house.stop()).toBe(0);

    const restored = await house.lipia("restore", file);
    expect([restored.code, restored.err]).toEqual([0, ""]);
    expect(restored.out).toMatch(/Restored: 1 payment, 1 prompt, 0 callbacks/);
    const aside = readdirSync(house.folder).filter((name) => name.includes("before-restore"));
    expect(aside).toHaveLength(1);
    const kept = join(house.folder, aside[0] ?? "");
    expect(rows(kept, "select id from payments")).toHaveLength(2);
    const last = "select actor, action from audit order by id desc limit 1";
    expect(rows(house.path, last)).toEqual([{ actor: "command", action: "backup_restored" }]);

    await house.start();
    expect((await house.call("GET", `/v1/payments/${later.payment.id}`)).status).toBe(404);
    const body = paidBody(later.push, RECEIPT);
    expect(await post(later.push.callbackUrl, body)).toBe(200);
    expect(await post(later.push.callbackUrl, body)).toBe(200);
    expect(await post(known.push.callbackUrl, paidBody(known.push, "TKN7KQ2X4Q"))).toBe(200);
    expect(await paymentNow(known.payment.id)).toMatchObject({ status: "confirmed" });
    const listed = JSON.parse((await house.lipia("orphans", "--json")).out);
    expect(listed).toEqual([
      {
        receivedAt: expect.stringMatching(/^20.*Z$/),
        attemptId: later.payment.attempts[0].id,
        resultCode: "0",
        receipt: RECEIPT,
        amount: "1250",
      },
    ]);
    const { out } = await house.lipia("orphans");
    expect(out).toContain(RECEIPT);
    expect(out).not.toMatch(/712000003/);
    expect((await house.lipia("doctor")).out).toMatch(/^look +orphans +1 callback/m);
  });

  test("nothing is restored that is damaged, foreign, newer, or no database of ours", async () => {
    const file = join(house.folder, "copy.db");
    expect((await house.lipia("backup", file)).code).toBe(0);
    const present = readFileSync(house.path);
    const refused = async (words: RegExp, path = file) => {
      const told = await house.lipia("restore", path);
      expect([told.code, told.out]).toEqual([1, ""]);
      expect(told.err).toMatch(words);
      expect(told.err).not.toMatch(/ at .*\.js/);
      expect(readFileSync(house.path).equals(present)).toBe(true);
      expect(readdirSync(house.folder).filter((name) => /restor/.test(name))).toEqual([]);
    };
    await refused(/There is no file/, join(house.folder, "none.db"));
    const letter = join(house.folder, "letter.db");
    writeFileSync(letter, "Dear Lipia, ".repeat(1_000));
    await refused(/damaged or no database/, letter);
    const other = new Database(join(house.folder, "other.db"));
    other.exec("create table payments (id text)");
    other.close();
    await refused(/not one of Lipia/, join(house.folder, "other.db"));
    const newer = new Database(file);
    newer.exec("insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999)");
    newer.close();
    await refused(/newer version/);
  });

  test("the thread that reads large databases is part of the build", async () => {
    await house.start();
    const lines: string[] = [];
    const note = (message: string) => void lines.push(message);
    const log = { info: note, warn: note, error: note };
    const soundness = checkSoundness(house.path, log, { atOnceBytes: 1 })();
    await vi.waitFor(() => expect(lines).toEqual(["database_sound"]), 20_000);
    await soundness.stop();
  });

  test("a damaged database is not served, and a backup takes its place", async () => {
    const file = join(house.folder, "copy.db");
    await house.lipia("backup", file);
    const bytes = readFileSync(house.path);
    writeFileSync(house.path, bytes.fill(0x5a, 4_096, 40_960));
    const start = await house.refusedStart();
    expect([start.code, start.out]).toEqual([1, ""]);
    expect(start.err).toMatch(/is damaged .*lipia restore FILE/);
    const doctor = await house.lipia("doctor");
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/^broken +structure .*lipia restore FILE/m);
    const restored = await house.lipia("restore", file);
    expect(restored.code).toBe(0);
    await house.start();
    expect((await house.call("GET", "/v1/payments")).status).toBe(200);
  });
});

describe("secret rotate", () => {
  test("addresses and tokens from before go on working, everything else is under the new one", async () => {
    await house.start();
    const { payment, push } = await house.prompt("0712000004");
    const file = join(house.folder, "copy.db");
    await house.lipia("backup", file);
    const refused = await house.lipia("secret", "rotate");
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.err).toMatch(/A server .* is using/);
    await house.stop();
    const former = ringFromFile(house.secretPath).current;
    const told = await house.lipia("secret", "rotate");
    expect([told.code, told.err]).toEqual([0, ""]);
    const ring = ringFromFile(house.secretPath);
    expect(ring.former.map(({ secret }) => secret)).toEqual([former]);
    expect(told.out).not.toContain(ring.current.toString("hex"));
    const last = "select actor, action from audit order by id desc limit 1";
    expect(rows(house.path, last)).toEqual([{ actor: "command", action: "secret_rotated" }]);
    expect((await house.lipia("audit", "verify")).out).toMatch(/all as they were written/);

    await house.start();
    const read = await fetch(`${house.origin}/checkout/v1/payment`, {
      headers: { Authorization: `Bearer ${payment.checkoutToken}` },
    });
    expect(read.status).toBe(200);
    expect(await post(push.callbackUrl, paidBody(push, RECEIPT))).toBe(200);
    const paid = await paymentNow(payment.id);
    expect(paid).toMatchObject({ status: "confirmed", receipt: RECEIPT });
    expect(paid.checkoutToken).not.toBe(payment.checkoutToken);
    const next = await house.prompt("0712000004");
    expect(next.push.callbackUrl).not.toBe(push.callbackUrl);
    await house.stop();

    const restored = await house.lipia("restore", file);
    expect([restored.code, restored.err]).toEqual([0, ""]);
    expect((await house.lipia("doctor")).out).toMatch(/^ok +sealed/m);
  });

  test("that was cut short is ended by the next start", async () => {
    await house.start();
    const { payment, push } = await house.prompt("0712000005");
    house.signal("SIGKILL");
    await house.ended();
    const ring = rotated(ringFromFile(house.secretPath), Date.now());
    replaceRingFile(house.secretPath, ring);
    expect((await house.lipia("doctor")).out).toMatch(/^look +sealed .*lipia secret rotate/m);
    await house.start();
    expect(await post(push.callbackUrl, paidBody(push, RECEIPT))).toBe(200);
    expect(await paymentNow(payment.id)).toMatchObject({ status: "confirmed" });
    writeFileSync(house.secretPath, `${ring.current.toString("hex")}\n`);
    expect((await house.lipia("doctor")).out).toMatch(/^ok +sealed/m);
  });

  test("without the secret of what is stored nothing starts", async () => {
    writeFileSync(house.secretPath, `${randomBytes(32).toString("hex")}\n`);
    const start = await house.refusedStart();
    expect([start.code, start.out]).toEqual([1, ""]);
    expect(start.err).toMatch(/sealed with another secret/);
    expect((await house.lipia("doctor")).out).toMatch(/^broken +sealed/m);
    expect((await house.lipia("secret", "rotate")).err).toMatch(/sealed with another secret/);
  });
});

test("the doctor says whether the mail server answers, in its words", async () => {
  await using sink = await smtpSink();
  const env = {
    SMTP_URL: `smtp://duka:hidden@127.0.0.1:${sink.port}`,
    ALERT_FROM: "alerts@shop.co.ke",
  };
  await using own = await builtHouse(daraja, env);
  expect((await own.lipia("doctor")).out).toMatch(/^ok +mail server .*alerts@shop\.co\.ke/m);
  sink.mood = { kind: "answers", to: "AUTH", with: "535 5.7.8 hidden is wrong" };
  const { code, out } = await own.lipia("doctor");
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^look +mail server .*535 5\.7\.8 \[…\]/m),
  ]);
  expect(sink.mails).toEqual([]);
});

test("LIPIA_SECRET=new,old rotates without a file", async () => {
  const [former, fresh] = [randomBytes(32).toString("hex"), randomBytes(32).toString("hex")];
  const env: Record<string, string> = { LIPIA_SECRET: former };
  await using own = await builtHouse(daraja, env);
  const told = await own.lipia("secret", "rotate");
  expect([told.code, told.out]).toEqual([1, ""]);
  expect(told.err).toMatch(/LIPIA_SECRET=NEW,OLD retired \d{4}-\d\d-\d\dT[\d:]{8}Z/);
  await using after = await builtHouse(daraja, {
    LIPIA_SECRET: `${fresh},${former}`,
    DATABASE_URL: `file:${own.path}`,
  });
  await after.start();
  await after.stop();
  expect(rows(own.path, "select name from bookmarks where name like 'key %'")).toHaveLength(1);
  const doctor = await after.lipia("doctor");
  expect([doctor.code, doctor.out]).toEqual([0, expect.stringMatching(/^ok +sealed/m)]);
  expect(existsSync(own.secretPath)).toBe(false);
});

describe("SIGTERM", () => {
  /** Daraja's many connections, some kept alive: what became of each post that got a connection. */
  async function postsUntilClosed(url: string, statuses: Map<number, number | string>) {
    // Every second one on a connection that is kept, the others each on their own.
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let open = true;
    let n = 0;
    const walk = async () => {
      while (open) {
        const own = n++;
        const status = await one(url, `{"rubbish": ${own}}`, own % 2 === 0 ? agent : false);
        if (status === "refused") open = false;
        else statuses.set(own, status);
      }
    };
    await Promise.all(Array.from({ length: 8 }, walk));
    agent.destroy();
  }

  function one(url: string, body: string, agent: Agent | false): Promise<number | string> {
    return new Promise((resolve) => {
      let connected = false;
      const headers = { "Content-Type": "application/json", "Content-Length": body.length };
      const req = request(url, { method: "POST", agent, headers }, (res) => {
        res.resume();
        res.once("end", () => resolve(res.statusCode ?? 0));
      });
      req.once("socket", (socket) => {
        connected = !socket.connecting;
        if (!connected) {
          socket.once("connect", () => {
            connected = true;
          });
        }
      });
      req.once("error", () => resolve(connected ? "cut off" : "refused"));
      req.end(body);
    });
  }

  test("under load refuses no callback that got in, and leaves nothing in sending", async () => {
    await house.start();
    const { push } = await house.prompt("0712000006");
    let pushed = () => {};
    const slow = new Promise<void>((resolve) => {
      pushed = resolve;
    });
    daraja.onPush = async (_push, accepted) => {
      pushed();
      await delay(1_500);
      return accepted;
    };
    const statuses = new Map<number, number | string>();
    const posting = postsUntilClosed(push.callbackUrl, statuses);
    await expect.poll(() => statuses.size, { timeout: 10_000 }).toBeGreaterThan(30);
    const prompting = house.prompt("0712000007");
    await slow;
    house.signal("SIGTERM");
    const [{ payment }, code] = await Promise.all([prompting, house.ended(), posting]);
    expect(code).toBe(0);
    const answered = [...statuses.values()].filter((status) => status === 200);
    const others = [...statuses.values()].filter((status) => status !== 200);
    // A new connection may still reach the kernel in the microseconds before the door closes.
    expect(others.length).toBeLessThanOrEqual(1);
    expect(new Set([...others, "cut off"]).size).toBe(1);
    expect(payment.status).toBe("pending");
    const states = rows<{ state: string }>(house.path, "select state from attempts");
    expect(states.map(({ state }) => state)).toEqual(["pending", "pending"]);
    const kept = rows(house.path, "select 1 from inbox where applied_at is not null");
    expect(kept).toHaveLength(answered.length);
    expect(rows(house.path, "select * from leases")).toEqual([]);
    expect(rows(house.path, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
  });
});
