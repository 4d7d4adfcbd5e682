import { say } from "../../dictionary/words.ts";

/** The lines of .env that lead to the next environment. */

/** Daraja's public sandbox app has this shortcode (daraja.md §10). */
const SANDBOX_SHORTCODE = "174379";

/** What to write into .env; words in angle brackets are the merchant's own. */
export function nextEnvironment(to: "sandbox" | "production"): string {
  const shortcode = to === "sandbox" ? SANDBOX_SHORTCODE : `<${say("goLive.line.shortcode")}>`;
  return [
    `MPESA_ENVIRONMENT=${to}`,
    `MPESA_CONSUMER_KEY=<${say("goLive.line.app")}>`,
    `MPESA_CONSUMER_SECRET=<${say("goLive.line.app")}>`,
    `MPESA_SHORTCODE=${shortcode}`,
    `MPESA_PASSKEY=<${say("goLive.line.passkey")}>`,
    `PUBLIC_URL=https://<${say("goLive.line.address")}>`,
  ].join("\n");
}
