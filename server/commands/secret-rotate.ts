/** `lipia secret rotate`: everything sealed and hashed under a new secret. */
import { systemClock } from "../clock.ts";
import { type Config, readConfig } from "../config.ts";
import type { Instant } from "../core/payment.ts";
import type { Engine } from "../db/engine.ts";
import { assertExists, ForeignDatabase } from "../db/open-database.ts";
import { createSeal } from "../db/seal.ts";
import { assertAllOpens, reseal, sealingState } from "../db/sealing.ts";
import { openSqlite } from "../db/sqlite.ts";
import { createStore } from "../db/store.ts";
import type { Seal } from "../ports.ts";
import { isFull, replaceRingFile, rotated } from "../secret.ts";
import { answer, type Command, refusePositionals, UsageError } from "./command.ts";
import { sealOf } from "./house.ts";
import { refuseWhileServed } from "./served.ts";

export const secretRotate: Command = {
  name: "secret rotate",
  usage: "",
  summary: "replace the master secret; the server must be stopped",
  help: `Makes a new secret and brings everything that is sealed or hashed in the database under it. Refused
while a server uses the database. A crash on the way harms nothing: run it again, or start the
server, and the rest is done.

The former secret stays on the ring, below the new one in lipia.secret: addresses and checkout
tokens made before go on working, for payments that were opened before. Delete its line by hand
when those are settled. Backups made before need it to be restored. Kept answers to idempotent calls
are dropped. Twenty secrets have room on the ring; then this is refused until the last line is gone.

Where LIPIA_SECRET holds the secret, stop the server, put a new one and a comma in front, and say
behind the former one when it retired (RFC 3339, with T and Z):
  LIPIA_SECRET=NEW,OLD retired 2026-03-02T09:00:00Z
NEW is what openssl rand -hex 32 prints, the moment what date -u +%FT%TZ does. Then run this, or start the server; both bring the database
under the first. Where no such moment is given, the server's first start under NEW counts as it: what
a stolen OLD signs for payments opened later is refused in either case.`,
  options: {},
  async run(given) {
    refusePositionals(given, "lipia secret rotate --help");
    const config = readConfig();
    assertExists(config.databasePath);
    refuseWhileServed(config.databasePath, systemClock().now());
    const engine = await openSqlite(config.databasePath, { company: "alone" });
    try {
      await rotate(engine, config);
    } finally {
      await engine.close();
    }
    return 0;
  },
};

/** As a ring writes it, to the second. */
function moment(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

async function rotate(engine: Engine, config: Config): Promise<void> {
  const seal = sealOf(config);
  const state = await sealingState(engine, seal);
  switch (state) {
    case "foreign":
      throw new ForeignDatabase(config.databasePath);
    case "rotating":
      return finish(engine, config);
    case "current":
      return begin(engine, config);
  }
}

/** Under the new secret, so that the row is sealed like all the others. */
async function note(engine: Engine, seal: Seal): Promise<void> {
  await createStore(engine, seal).audit.append({
    at: systemClock().now(),
    actor: "command",
    action: "secret_rotated",
    target: null,
    details: {},
  });
}

/** A rotation that a crash cut short, or a new LIPIA_SECRET in front of the former. */
async function finish(engine: Engine, config: Config): Promise<void> {
  const seal = sealOf(config);
  const rows = await reseal(engine, seal);
  await note(engine, seal);
  answer(`Done: ${rows} rows were still under a former secret and are under the new one now.`);
  const undated = config.formerSecrets.filter(({ retiredAt }) => retiredAt === null);
  if (undated.length === 0) return;
  const now = moment(systemClock().now());
  answer(`Say behind the former secret since when it is: NEW,OLD retired ${now}`);
}

async function begin(engine: Engine, config: Config): Promise<void> {
  if (config.secretFile === null) {
    throw new UsageError(
      "LIPIA_SECRET holds the secret, and everything is under it already. Put a new one in front, made with openssl rand -hex 32, and run this again: " +
        `LIPIA_SECRET=NEW,OLD retired ${moment(systemClock().now())}`,
    );
  }
  const before = { current: config.secret, former: config.formerSecrets };
  if (isFull(before)) {
    throw new UsageError(
      `${config.secretFile} has no room for another secret. Take its last line away first, and keep it where the backups of its time are: without it they cannot be restored.`,
    );
  }
  // A row that cannot be opened would stop the rotation in the middle; better to know before.
  await assertAllOpens(engine, sealOf(config));
  const ring = rotated(before, systemClock().now());
  replaceRingFile(config.secretFile, ring);
  const seal = createSeal(ring.current, ring.former);
  const rows = await reseal(engine, seal);
  await note(engine, seal);
  answer(`Done: ${rows} rows are under a new secret, the first line of ${config.secretFile}.`);
  answer("The former one stays below it: earlier addresses, tokens and backups need it.");
  answer("Copy the file to where you keep the secret.");
}
