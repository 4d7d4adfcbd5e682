/** The command line of the simulator alone. */
import { parseArgs } from "node:util";

export const ARGUMENTS_HELP = `npm run simulator -- [options]

  --port N        where to listen, 0 for any free port   (4200)
  --host HOST     which address to listen on             (127.0.0.1)
  --speed N       divides every delay                    (SIMULATOR_SPEED, else 1)
  --passkey TEXT  passkey for every shortcode but the demo one
                  (the public passkey of the sandbox)
  --query-rate N  queries a minute before HTTP 429       (0: no limit)
  --help
`;

const PORT_DEFAULT = "4200";

export type Arguments =
  | {
      readonly kind: "start";
      readonly port: number;
      readonly host: string;
      readonly speed: number;
      readonly passkey: string | undefined;
      readonly queryRatePerMinute: number;
    }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

/** Reads the options; a wrong one is named with what it must be. */
export function parseArguments(
  args: readonly string[],
  env: { readonly SIMULATOR_SPEED?: string },
): Arguments {
  const options = {
    port: { type: "string", default: PORT_DEFAULT },
    host: { type: "string", default: "127.0.0.1" },
    speed: { type: "string", default: env.SIMULATOR_SPEED ?? "1" },
    passkey: { type: "string" },
    "query-rate": { type: "string", default: "0" },
    help: { type: "boolean", default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { kind: "help" };
    return checked(values);
  } catch (error) {
    return { kind: "wrong", message: error instanceof Error ? error.message : String(error) };
  }
}

interface Values {
  readonly port: string;
  readonly host: string;
  readonly speed: string;
  readonly passkey?: string;
  readonly "query-rate": string;
}

function checked(values: Values): Arguments {
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : -1;
  if (port < 0 || port > 65_535) return wrong("port", "a number from 0 to 65535", values.port);
  const speed = decimal(values.speed);
  if (speed === null || speed === 0) return wrong("speed", "a number above 0", values.speed);
  const queryRatePerMinute = decimal(values["query-rate"]);
  if (queryRatePerMinute === null) {
    return wrong("query-rate", "a number, 0 for no limit", values["query-rate"]);
  }
  const { host, passkey } = values;
  return { kind: "start", port, host, speed, passkey, queryRatePerMinute };
}

function decimal(text: string): number | null {
  return /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : null;
}

function wrong(option: string, must: string, given: string): Arguments {
  return { kind: "wrong", message: `--${option} must be ${must}, not "${given}"` };
}
