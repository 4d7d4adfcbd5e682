/** The environment becomes a configuration, or a list of sentences that say what to mend (contract §2). */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, type Env, readConfig } from "./config.ts";
import { SAFARICOM_ADDRESSES, trustIn } from "./daraja/source-addresses.ts";
import { peerAddress } from "./http/peer.ts";

let folder: string;
let empty: Env;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lipia-config-"));
  empty = { DATABASE_URL: `file:${join(folder, "data", "lipia.db")}` };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = "5a".repeat(32);
const SANDBOX: Env = {
  MPESA_ENVIRONMENT: "sandbox",
  MPESA_CONSUMER_KEY: "key",
  MPESA_CONSUMER_SECRET: "secret",
  MPESA_SHORTCODE: "174379",
  MPESA_PASSKEY: "passkey",
  PUBLIC_URL: "https://pay.example.co.ke",
};
const PRODUCTION: Env = {
  ...SANDBOX,
  MPESA_ENVIRONMENT: "production",
  MPESA_SHORTCODE: "600123",
  LIPIA_SECRET: SECRET,
};

const read = (env: Env) => readConfig({ ...empty, ...env });

function faultsOf(env: Env): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("without anything set", () => {
  test("it is the simulator on port 4100, with a secret of its own beside the database", () => {
    const config = readConfig(empty);
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 4100,
      mpesa: { kind: "simulator", speed: 1 },
      callbackBase: null,
      admin: null,
      trustProxy: 0,
      logLevel: "info",
      limits: "test_phones_exempt",
      pull: "off",
      mail: null,
    });
    expect(config.publicUrl.origin).toBe("http://localhost:4100");
    const secretFile = join(folder, "data", "lipia.secret");
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(secretFile, "utf8").trim()).toBe(config.secret.toString("hex"));
    expect(readConfig(empty).secret).toEqual(config.secret);
  });

  test("empty text counts as not set", () => {
    expect(read({ MPESA_CONSUMER_KEY: "", PORT: " ", TRUST_PROXY: "" }).port).toBe(4100);
  });
});

describe("what works", () => {
  test("sandbox and production at their own addresses", () => {
    expect(read(SANDBOX)).toMatchObject({
      mpesa: { environment: "sandbox", baseUrl: "https://sandbox.safaricom.co.ke" },
      callbackBase: "https://pay.example.co.ke/daraja/callbacks",
      limits: "enforced",
    });
    expect(read(PRODUCTION)).toMatchObject({
      mpesa: {
        environment: "production",
        baseUrl: "https://api.safaricom.co.ke",
        transactionType: "CustomerPayBillOnline",
        partyB: "600123",
      },
    });
  });

  test("a till: its number is PartyB", () => {
    const { mpesa } = read({
      ...PRODUCTION,
      MPESA_TRANSACTION_TYPE: "CustomerBuyGoodsOnline",
      MPESA_PARTY_B: "7654321",
    });
    expect(mpesa).toMatchObject({ transactionType: "CustomerBuyGoodsOnline", partyB: "7654321" });
  });

  test.each(["http://127.0.0.1:9001/simulator", "http://localhost:9001", "http://[::1]:9001/"])(
    "sandbox against a Daraja at %s takes plain-http callback addresses",
    (MPESA_BASE_URL) => {
      const config = read({ ...SANDBOX, MPESA_BASE_URL, PUBLIC_URL: "http://localhost:4100" });
      expect(config.callbackBase).toBe("http://localhost:4100/daraja/callbacks");
      expect(config.mpesa).toMatchObject({ baseUrl: MPESA_BASE_URL.replace(/\/$/, "") });
    },
  );

  test("another callback base, and a tunnel in the sandbox", () => {
    const MPESA_CALLBACK_URL = "https://a1b2.ngrok-free.app/back/";
    expect(read({ ...SANDBOX, MPESA_CALLBACK_URL }).callbackBase).toBe(
      "https://a1b2.ngrok-free.app/back",
    );
  });

  test("Pull, where it is asked for", () => {
    expect(read({ MPESA_PULL_ENABLED: "true" }).pull).toBe("asked");
    expect(read({ MPESA_PULL_ENABLED: "false" }).pull).toBe("off");
  });

  test("hops or networks of proxies", () => {
    expect(read({ TRUST_PROXY: "2" }).trustProxy).toBe(2);
    expect(read({ TRUST_PROXY: "10.0.0.0/8, ::1" }).trustProxy).toEqual(["10.0.0.0/8", "::1"]);
  });

  test("an owner, and limits for test phones too", () => {
    const LIPIA_ADMIN_EMAIL = "Owner@Shop.co.ke";
    const config = read({
      LIPIA_ADMIN_EMAIL,
      LIPIA_ADMIN_PASSWORD: "long enough",
      LIPIA_LIMITS: "enforce",
    });
    expect(config.admin).toEqual({ email: "owner@shop.co.ke", password: "long enough" });
    expect(config.limits).toBe("enforced");
  });
});

describe("a mail server", () => {
  const ALERT_FROM = "Duka <alerts@shop.co.ke>";
  const mail = (SMTP_URL: string) => read({ SMTP_URL, ALERT_FROM }).mail;

  test("with TLS from the first byte, or STARTTLS before the password", () => {
    const login = { user: "duka@shop.co.ke", password: "p/ss w:rd" };
    const from = ALERT_FROM;
    expect(mail("smtps://duka%40shop.co.ke:p%2Fss%20w%3Ard@mail.shop.co.ke")).toEqual({
      host: "mail.shop.co.ke",
      port: 465,
      privacy: "tls",
      login,
      from,
    });
    expect(mail("smtp://duka%40shop.co.ke:p%2Fss%20w%3Ard@mail.shop.co.ke:2525")).toEqual({
      host: "mail.shop.co.ke",
      port: 2525,
      privacy: "starttls",
      login,
      from,
    });
  });

  test("on this machine or without a password takes what the server offers", () => {
    expect(mail("smtp://u:p@127.0.0.1:25")).toMatchObject({ privacy: "asked", port: 25 });
    expect(mail("smtp://relay")).toMatchObject({ privacy: "asked", port: 587, login: null });
    expect(mail("smtp://[::1]")).toMatchObject({ host: "::1" });
  });

  test("half of one is refused, and so is what is no address", () => {
    const both = ["SMTP_URL and ALERT_FROM go together; one is missing."];
    expect(faultsOf({ SMTP_URL: "smtp://relay" })).toEqual(both);
    expect(faultsOf({ ALERT_FROM })).toEqual(both);
    const odd = ["http://u:canary@h", "smtp://canary@h", "smtp://u:%E0canary@h", "smtp://h/canary"];
    for (const SMTP_URL of [...odd, "canary", "smtp://h?canary=1"]) {
      const faults = faultsOf({ SMTP_URL, ALERT_FROM });
      expect(faults, SMTP_URL).toEqual([expect.stringMatching(/^SMTP_URL must be/)]);
      expect(faults.join()).not.toContain("canary");
    }
    for (const from of ["shop", "a@b, c@d.ke", "a@b.ke\r\nBcc: c@d.ke", "<a@b.ke"]) {
      expect(faultsOf({ SMTP_URL: "smtp://relay", ALERT_FROM: from }), from).toEqual([
        "ALERT_FROM must be an e-mail address, such as alerts@shop.co.ke.",
      ]);
    }
  });

  test("may come from a file, as every secret", () => {
    const path = join(folder, "smtp");
    writeFileSync(path, "smtps://u:p@mail.shop.co.ke\n");
    expect(read({ SMTP_URL_FILE: path, ALERT_FROM }).mail).toMatchObject({ privacy: "tls" });
  });
});

describe("NAME_FILE", () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  test("is read in place of NAME, without its last line end", () => {
    const config = read({
      ...PRODUCTION,
      LIPIA_SECRET: undefined,
      LIPIA_SECRET_FILE: file("secret", `${SECRET}\n`),
      MPESA_PASSKEY: undefined,
      MPESA_PASSKEY_FILE: file("passkey", "from a file\n"),
    });
    expect(config.secret.toString("hex")).toBe(SECRET);
    expect(config.mpesa).toMatchObject({ passkey: "from a file" });
  });

  test("that cannot be read, or stands beside NAME, stops the start once each", () => {
    expect(faultsOf({ LIPIA_SECRET_FILE: "/nowhere/secret" })).toEqual([
      "LIPIA_SECRET_FILE points at /nowhere/secret, which cannot be read.",
    ]);
    expect(faultsOf({ ...SANDBOX, MPESA_PASSKEY_FILE: file("twice", "x") })).toEqual([
      "Set MPESA_PASSKEY or MPESA_PASSKEY_FILE, not both.",
    ]);
  });
});

describe("half an M-Pesa set-up names what is missing", () => {
  const NAMES = [
    "MPESA_CONSUMER_KEY",
    "MPESA_CONSUMER_SECRET",
    "MPESA_SHORTCODE",
    "MPESA_PASSKEY",
  ] as const;

  test.each(NAMES)("all but %s", (name) => {
    expect(faultsOf({ ...SANDBOX, [name]: undefined })).toEqual([
      `M-Pesa needs these too: ${name}.`,
    ]);
  });

  test.each(NAMES)("%s alone, without an environment", (name) => {
    const faults = faultsOf({ [name]: SANDBOX[name] }).join("\n");
    for (const other of NAMES.filter((each) => each !== name)) expect(faults).toContain(other);
    expect(faults).toContain("MPESA_ENVIRONMENT must say");
  });

  test("credentials with MPESA_ENVIRONMENT=simulator", () => {
    expect(faultsOf({ ...PRODUCTION, MPESA_ENVIRONMENT: "simulator" }).join()).toMatch(
      /MPESA_CONSUMER_KEY.*MPESA_ENVIRONMENT is simulator/,
    );
  });

  test("an admin's e-mail without a password, and the reverse", () => {
    for (const half of [{ LIPIA_ADMIN_EMAIL: "a@b.ke" }, { LIPIA_ADMIN_PASSWORD: "long enough" }]) {
      expect(faultsOf(half).join()).toMatch(/go together/);
    }
  });
});

describe("credentials of one environment in another", () => {
  test.each([
    ["the sandbox's shortcode in production", { ...PRODUCTION, MPESA_SHORTCODE: "174379" }],
    [
      "the sandbox's passkey in production",
      {
        ...PRODUCTION,
        MPESA_PASSKEY: "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
      },
    ],
    [
      "another address in production",
      { ...PRODUCTION, MPESA_BASE_URL: "https://sandbox.safaricom.co.ke" },
    ],
    [
      "a loopback address in production",
      { ...PRODUCTION, MPESA_BASE_URL: "http://127.0.0.1:9001" },
    ],
    [
      "production's address in the sandbox",
      { ...SANDBOX, MPESA_BASE_URL: "https://API.safaricom.co.ke:443/" },
    ],
  ])("%s", (_, env: Env) => {
    expect(faultsOf(env)).toHaveLength(1);
  });
});

describe("a callback base that M-Pesa cannot or will not call", () => {
  test.each([
    "http://pay.example.co.ke/back",
    "https://localhost/back",
    "https://localhost./back",
    "https://shop.local/back",
    "https://box.internal/back",
    "https://till/back",
    "https://127.0.0.1/back",
    "https://10.1.2.3/back",
    "https://192.168.1.4/back",
    "https://172.16.0.9/back",
    "https://169.254.1.1/back",
    "https://100.64.0.1/back",
    "https://[::1]/back",
    "https://[fd00::1]/back",
    "https://pay.example.co.ke/mpesa/back",
    "https://pay.example.co.ke/M-PESA/back",
    "https://safaricom.example.co.ke/back",
    "https://pay.example.co.ke/exec",
    "https://pay.example.co.ke/query",
    "https://pay.example.co.ke/sql",
    "https://pay.example.co.ke/cmd",
  ])("%s", (MPESA_CALLBACK_URL) => {
    expect(faultsOf({ ...SANDBOX, MPESA_CALLBACK_URL }).length).toBeGreaterThan(0);
    expect(faultsOf({ ...PRODUCTION, MPESA_CALLBACK_URL }).length).toBeGreaterThan(0);
  });

  test.each(["https://x.ngrok-free.app", "https://requestbin.com/r", "https://mockbin.org/b"])(
    "%s, which only the sandbox calls",
    (MPESA_CALLBACK_URL) => {
      expect(faultsOf({ ...PRODUCTION, MPESA_CALLBACK_URL })).toHaveLength(1);
    },
  );

  test.each(["not an address", "ftp://x.co.ke/back", "https://x.co.ke/b?a=1", "https://x.ke/#b"])(
    "%s, to which no path can be appended",
    (MPESA_CALLBACK_URL) => {
      expect(faultsOf({ ...SANDBOX, MPESA_CALLBACK_URL }).join()).toMatch(/MPESA_CALLBACK_URL/);
    },
  );

  test("the default one, while PUBLIC_URL is this machine", () => {
    const faults = faultsOf({ ...SANDBOX, PUBLIC_URL: undefined }).join("\n");
    expect(faults).toMatch(/must be https/);
    expect(faults).toMatch(/not public/);
  });
});

describe("single values", () => {
  test.each([
    [{ PORT: "http" }, "PORT"],
    [{ PORT: "70000" }, "PORT"],
    [{ PORT: "-1" }, "PORT"],
    [{ PORT: "80.5" }, "PORT"],
    [{ PUBLIC_URL: "pay.example.co.ke" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://pay.example.co.ke/lipia" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "ftp://pay.example.co.ke" }, "PUBLIC_URL"],
    [{ TRUST_PROXY: "true" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "yes" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "10.0.0.0/8,true" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "127" }, "TRUST_PROXY"],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
    [{ MPESA_PULL_ENABLED: "yes" }, "MPESA_PULL_ENABLED"],
    [{ LIPIA_LIMITS: "off" }, "LIPIA_LIMITS"],
    [{ LIPIA_SECRET: "short" }, "LIPIA_SECRET"],
    [{ LIPIA_SECRET: "g".repeat(64) }, "LIPIA_SECRET"],
    [{ LIPIA_ADMIN_EMAIL: "owner", LIPIA_ADMIN_PASSWORD: "long enough" }, "LIPIA_ADMIN_EMAIL"],
    [{ LIPIA_ADMIN_EMAIL: "a@b.ke", LIPIA_ADMIN_PASSWORD: "short" }, "LIPIA_ADMIN_PASSWORD"],
    [
      { LIPIA_ADMIN_EMAIL: "a@b.ke", LIPIA_ADMIN_PASSWORD: "x".repeat(257) },
      "LIPIA_ADMIN_PASSWORD",
    ],
    [{ MPESA_ENVIRONMENT: "live" }, "MPESA_ENVIRONMENT"],
    [{ SIMULATOR_SPEED: "0" }, "SIMULATOR_SPEED"],
    [{ SIMULATOR_SPEED: "fast" }, "SIMULATOR_SPEED"],
    [{ ...SANDBOX, MPESA_SHORTCODE: "12" }, "MPESA_SHORTCODE"],
    [{ ...SANDBOX, MPESA_PARTY_B: "till" }, "MPESA_PARTY_B"],
    [{ ...SANDBOX, MPESA_TRANSACTION_TYPE: "PayBill" }, "MPESA_TRANSACTION_TYPE"],
    [{ ...SANDBOX, MPESA_BASE_URL: "not an address" }, "MPESA_BASE_URL"],
    [{ ...SANDBOX, MPESA_BASE_URL: "http://daraja.example.co.ke" }, "MPESA_BASE_URL"],
    [{ DATABASE_URL: "data/lipia.db" }, "DATABASE_URL"],
    [{ DATABASE_URL: "file:" }, "DATABASE_URL"],
  ] as const)("%j is refused by name", (env: Env, name) => {
    expect(faultsOf(env).join("\n")).toContain(name);
  });

  test.each(["0.0.0.0/0", "::/0", "10.0.0.0/8, 0.0.0.0/0", "10.0.0.0/00"])(
    "TRUST_PROXY=%s, which is everybody, is refused with what to set instead",
    (TRUST_PROXY) => {
      expect(faultsOf({ TRUST_PROXY })).toEqual([
        expect.stringMatching(
          /^TRUST_PROXY: \S+\/00? is everybody.*such as 10\.0\.0\.5.*such as 1\.$/,
        ),
      ]);
    },
  );

  test.each([
    "0.0.0.0/1",
    "::/1",
    "10.1.2.3/8",
    "::ffff:10.0.0.0/104",
    "::ffff:10.0.0.1",
    "1::/128",
  ])("TRUST_PROXY=%s, which is taken, makes a reader of addresses", (TRUST_PROXY) => {
    const { trustProxy } = read({ TRUST_PROXY });
    expect(trustProxy).toEqual([TRUST_PROXY]);
    expect(() => peerAddress(trustProxy)).not.toThrow();
  });

  test("a bad port is told once, not again as a bad PUBLIC_URL", () => {
    expect(faultsOf({ PORT: "http" })).toHaveLength(1);
  });

  test.each(["postgres://me:hunter2@db/lipia", "postgresql://db/lipia"])(
    "PostgreSQL is refused in a plain sentence that repeats no password",
    (DATABASE_URL) => {
      const [fault, ...more] = faultsOf({ DATABASE_URL });
      expect(fault).toMatch(/PostgreSQL is not available/);
      expect(fault).not.toContain("hunter2");
      expect(more).toEqual([]);
    },
  );

  test("production does not start on a secret that nobody chose", () => {
    expect(faultsOf({ ...PRODUCTION, LIPIA_SECRET: undefined }).join()).toMatch(
      /LIPIA_SECRET is required in production/,
    );
  });

  test("no fault repeats a secret's value", () => {
    const env = { ...PRODUCTION, MPESA_SHORTCODE: "x", LIPIA_SECRET: "canary-secret" };
    const faults = faultsOf({ ...env, MPESA_CONSUMER_KEY: "canary-key", PORT: "x" }).join("\n");
    expect(faults).not.toMatch(/canary/);
  });
});

describe("how much a callback is trusted by itself", () => {
  const trusted = (env: Env) => read(env).callbackTrust;

  test("in production only from Safaricom's own addresses, unless said otherwise", () => {
    const { kind, ...rest } = trusted(PRODUCTION);
    expect([kind, rest]).toEqual(["listed", { ranges: SAFARICOM_ADDRESSES }]);
    expect(trustIn(trusted(PRODUCTION))("196.201.214.200")).not.toEqual(
      trustIn(trusted(PRODUCTION))("203.0.113.9"),
    );
  });

  test("elsewhere from any address", () => {
    expect(trusted({})).toEqual({ kind: "any" });
    expect(trusted(SANDBOX)).toEqual({ kind: "any" });
  });

  test.each([
    ["any", { kind: "any" }],
    ["strict", { kind: "strict" }],
    ["listed", { kind: "listed", ranges: SAFARICOM_ADDRESSES }],
    ["10.0.0.7, 10.1.0.0/16", { kind: "listed", ranges: ["10.0.0.7", "10.1.0.0/16"] }],
  ])("as MPESA_CALLBACK_TRUST=%s says, in production and elsewhere", (text, trust) => {
    for (const env of [PRODUCTION, SANDBOX, {}]) {
      expect(trusted({ ...env, MPESA_CALLBACK_TRUST: text })).toEqual(trust);
    }
  });

  test.each(["none", "listed,any", "196.201.214.200,", "196.201.214.0/33"])(
    "not as MPESA_CALLBACK_TRUST=%s, which is nothing of these",
    (text) => {
      expect(faultsOf({ ...PRODUCTION, MPESA_CALLBACK_TRUST: text })).toEqual([
        "MPESA_CALLBACK_TRUST must be any, listed, strict, or addresses and CIDRs separated by commas.",
      ]);
    },
  );
});

test("a database whose secret is gone does not get another one", () => {
  const data = mkdtempSync(join(folder, "lost-"));
  const path = join(data, "lipia.db");
  writeFileSync(path, "SQLite format 3");
  expect(faultsOf({ DATABASE_URL: `file:${path}` }).join()).toMatch(/lipia\.secret is missing/);
  expect(existsSync(join(data, "lipia.secret"))).toBe(false);
  expect(read({ DATABASE_URL: `file:${path}`, LIPIA_SECRET: SECRET }).secret).toHaveLength(32);
});

test("everything that is wrong is said at once", () => {
  const env = { PORT: "x", TRUST_PROXY: "true", LOG_LEVEL: "loud", MPESA_ENVIRONMENT: "live" };
  expect(faultsOf(env).length).toBeGreaterThanOrEqual(4);
});
