/**
 * A program: the simulator alone, for any other Daraja client. `npm run simulator -- --port 4200`.
 * Importing this file runs it; to start a simulator from code, see start.ts.
 */
import { ARGUMENTS_HELP, parseArguments } from "./arguments.ts";
import { DEMO_APP, DEMO_MERCHANT } from "./demo.ts";
import { startSimulator } from "./start.ts";

/** What a person needs to point a client here. */
function greeting(address: string): string {
  const { consumerKey, consumerSecret } = DEMO_APP;
  const merchant = `shortcode ${DEMO_MERCHANT.shortcode}, passkey ${DEMO_MERCHANT.passkey}`;
  return [
    `Daraja simulator on ${address} (and ${address}/simulator), handset ${address}/handset`,
    `consumer key ${consumerKey}, secret ${consumerSecret}, ${merchant}`,
    `174379 with the public sandbox passkey works too\n`,
  ].join("; ");
}

/** The command: reads arguments, serves until SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const parsed = parseArguments(process.argv.slice(2), process.env);
  switch (parsed.kind) {
    case "help":
      process.stdout.write(ARGUMENTS_HELP);
      return;
    case "wrong":
      process.stderr.write(`${parsed.message}\n\n${ARGUMENTS_HELP}`);
      process.exitCode = 2;
      return;
    case "start":
      break;
  }
  const running = await startSimulator(parsed);
  process.stdout.write(greeting(running.address));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void running.close());
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The simulator could not start: ${reason(error)}\n`);
  process.exitCode = 1;
});

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const taken = "code" in error && error.code === "EADDRINUSE";
  return taken ? `${error.message}. Choose another --port.` : error.message;
}
