/** `lipia doctor`: looks at the whole house, one line for each thing. */
import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { systemClock } from "../clock.ts";
import { type Config, ConfigError, readConfig } from "../config.ts";
import { leaseHolder, SIDE_FILES } from "../db/sqlite-file.ts";
import { SWEEPS } from "../jobs/lease.ts";
import { type SmtpDoor, smtpMailer } from "../mail/smtp.ts";
import { hasEnded, processWords } from "../process-name.ts";
import { answer, type Command, refusePositionals } from "./command.ts";
import { examineHouse } from "./examine-house.ts";
import { sizeWords } from "./figures.ts";
import { broken, type Finding, look, ok } from "./finding.ts";

const MIB = 1024 * 1024;
/** Below this a busy day may not fit. */
const DISK_LOOK_BYTES = 1024 * MIB;
/** Below this the log of one backup or migration may not fit, and callbacks are answered 503 next. */
const DISK_BROKEN_BYTES = 64 * MIB;

export const doctor: Command = {
  name: "doctor",
  usage: "",
  summary: "look at configuration, database, secret, disk and what waits; changes nothing",
  help: `Prints one line for each thing it looked at: ok, look (a person should) or broken, and what to do.
Exit code 1 when anything is broken. Runs beside the server; on a large database reading all of it
takes a while.`,
  options: {},
  async run(given) {
    refusePositionals(given, "lipia doctor --help");
    const findings: Finding[] = [];
    for await (const finding of lookAround()) {
      findings.push(finding);
      answer(`${finding.verdict.padEnd(6)}  ${finding.what.padEnd(13)}  ${finding.words}`);
    }
    return findings.some(({ verdict }) => verdict === "broken") ? 1 : 0;
  },
};

async function* lookAround(): AsyncGenerator<Finding> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      yield broken("configuration", error instanceof Error ? error.message : String(error));
      return;
    }
    for (const fault of error.faults) yield broken("configuration", fault);
    return;
  }
  const { mpesa } = config;
  const door = mpesa.kind === "simulator" ? "the simulator" : `M-Pesa's ${mpesa.environment}`;
  yield ok("configuration", `complete; payments go to ${door}`);
  yield secretFinding(config);
  yield diskFinding(config);
  if (config.mail !== null) yield await mailFinding(config.mail);
  if (!existsSync(config.databasePath)) {
    yield look("database", `none at ${config.databasePath} yet; npm start makes it`);
    return;
  }
  yield serverFinding(config);
  yield* examineHouse(config);
}

function secretFinding({ secretFile, formerSecrets }: Config): Finding {
  const former = formerSecrets.length === 0 ? "" : `, and ${formerSecrets.length} former`;
  if (secretFile === null) return ok("secret", `from LIPIA_SECRET${former}`);
  const open = (statSync(secretFile).mode & 0o077) !== 0;
  return open
    ? look("secret", `others may read ${secretFile}; run: chmod 600 ${secretFile}`)
    : ok("secret", `in ${secretFile}${former}; keep a copy apart from your backups`);
}

function diskFinding({ databasePath }: Config): Finding {
  const folder = dirname(resolve(databasePath));
  if (!existsSync(folder)) return look("disk", `there is no folder ${folder} yet`);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const sizes = ["", ...SIDE_FILES].map((side) => databasePath + side).filter(existsSync);
  const used = sizes.reduce((sum, file) => sum + statSync(file).size, 0);
  const words = `${sizeWords(free)} free, ${sizeWords(used)} used by the database`;
  if (free < DISK_BROKEN_BYTES) return broken("disk", `${words}; make room now`);
  return free < DISK_LOOK_BYTES ? look("disk", `${words}; make room soon`) : ok("disk", words);
}

/** Connects and signs in, and sends nothing. */
async function mailFinding(door: SmtpDoor): Promise<Finding> {
  const outcome = await smtpMailer(door).check();
  const where = `${door.host}:${door.port}`;
  return outcome.kind === "taken"
    ? ok("mail server", `${where} answers; alerts come from ${door.from}`)
    : look("mail server", `${where} (${outcome.fault}): ${outcome.said || "no answer in time"}`);
}

function serverFinding({ databasePath }: Config): Finding {
  const holder = leaseHolder(databasePath, SWEEPS, systemClock().now());
  if (holder === null) return ok("server", "none is using this database now");
  return hasEnded(holder)
    ? look("server", `${processWords(holder)} ended without stopping; start it again`)
    : ok("server", `${processWords(holder)} asks M-Pesa and sweeps`);
}
