/** `npm start`: read the configuration, start, print where everything is, wait for a signal, stop. */
import { startApp } from "./app.ts";
import { ConfigError, readConfig } from "./config.ts";
import { UnfitDatabase } from "./db/unfit.ts";
import { setUpLink } from "./flows/set-up.ts";
import { createLog } from "./log.ts";
import { welcome } from "./welcome.ts";

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const app = await startApp(config, log);
  const link = app.setUpToken === null ? null : setUpLink(config.publicUrl.origin, app.setUpToken);
  process.stdout.write(welcome({ config, setUpLink: link }));
  const stop = (signal: NodeJS.Signals) => {
    log.info("stopping", { signal });
    app.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

/** One plain sentence for what a person can mend; the stack for what is our fault. */
function fail(error: unknown): void {
  const known =
    error instanceof ConfigError || error instanceof UnfitDatabase || isAddressInUse(error);
  const text = error instanceof Error ? (known ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  if (isAddressInUse(error)) {
    process.stderr.write(
      "Another program listens there. Stop it, or set PORT to another number.\n",
    );
  }
  process.exit(1);
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

// A pipe that somebody listens to for errors is one that a standing reader does not make wait.
process.stderr.on("error", () => undefined);
// The welcome is written once: whoever gave it no room, or reads it no more, still gets a server.
process.stdout.on("error", () => undefined);

main().catch(fail);
