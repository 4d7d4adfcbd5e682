/** What `npm start` tells the person at the terminal. */
import type { Config } from "./config.ts";

/** The addresses to open first, and how to sign in. */
export function welcome(facts: { config: Config; setUpLink: string | null }): string {
  const { config, setUpLink } = facts;
  const origin = config.publicUrl.origin;
  const simulator = config.mpesa.kind === "simulator";
  const mode =
    config.mpesa.kind === "simulator" ? "simulator (no real money)" : config.mpesa.environment;
  const lines = [
    "",
    `  Lipia is running: ${mode}`,
    "",
    ...(simulator
      ? [
          `  Demo shop   ${origin}/demo`,
          `  Handset     ${origin}/handset   (the customer's phone: 0700 000 000)`,
        ]
      : []),
    `  Dashboard   ${origin}/dashboard`,
    setUpLink === null
      ? "  Sign-in     with your e-mail address and password"
      : `  Sign-in     make the first account, once: ${setUpLink}`,
    "",
    "  Keys for your server:  npm run --silent lipia -- keys create --json",
    "",
    "",
  ];
  return lines.join("\n");
}
