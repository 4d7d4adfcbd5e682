/** The lines of .env that lead to the next environment. */

/** Daraja's public sandbox app has this shortcode (daraja.md §10). */
const SANDBOX_SHORTCODE = "174379";

/** What to write into .env; words in angle brackets are the merchant's own. */
export function nextEnvironment(to: "sandbox" | "production"): string {
  const shortcode = to === "sandbox" ? SANDBOX_SHORTCODE : "<your PayBill or store number>";
  return [
    `MPESA_ENVIRONMENT=${to}`,
    "MPESA_CONSUMER_KEY=<from your Daraja app>",
    "MPESA_CONSUMER_SECRET=<from your Daraja app>",
    `MPESA_SHORTCODE=${shortcode}`,
    "MPESA_PASSKEY=<from Daraja>",
    "PUBLIC_URL=https://<the address of this server>",
  ].join("\n");
}
