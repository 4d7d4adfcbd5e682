/** The lines that a shop copies: what its page carries, and what its server calls before. */

/** How the checkout shows itself in the shop's page (contract §6). */
export const MODES = ["overlay", "inline"] as const;
export const LOCALES = ["auto", "en", "sw"] as const;
export const THEMES = ["auto", "light", "dark"] as const;

export interface EmbedChoice {
  readonly mode: (typeof MODES)[number];
  readonly locale: (typeof LOCALES)[number];
  readonly theme: (typeof THEMES)[number];
  /** The button's words; "" for the loader's own. */
  readonly label: string;
  /** `#rrggbb`, or "" for Lipia's own green. */
  readonly accent: string;
}
export const PLAIN_EMBED: EmbedChoice = {
  mode: "overlay",
  locale: "auto",
  theme: "auto",
  label: "",
  accent: "",
};

/** One script tag; attributes that say what would be so anyhow are left out. */
export function pageSnippet(publicUrl: string, choice: EmbedChoice): string {
  const attributes = [
    ["data-token", "{checkoutToken}"],
    ["data-mode", choice.mode === "overlay" ? "" : choice.mode],
    ["data-locale", choice.locale === "auto" ? "" : choice.locale],
    ["data-theme", choice.theme === "auto" ? "" : choice.theme],
    ["data-label", choice.label.trim()],
    ["data-accent", /^#[0-9a-f]{6}$/i.test(choice.accent) ? choice.accent : ""],
  ].filter(([, value]) => value !== "");
  const written = attributes.map(([name, value = ""]) => `        ${name}="${escaped(value)}"`);
  return [`<script src="${publicUrl}/lipia.js"`, ...written, "        async></script>"].join("\n");
}

/** What the shop's server asks for beforehand, with a program that every server has. */
export function serverSnippet(publicUrl: string): string {
  return [
    `curl ${publicUrl}/v1/payments \\`,
    '  -H "Authorization: Bearer $LIPIA_SECRET_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    "  -H 'Idempotency-Key: order-1001' \\",
    `  -d '{"amount": 1250, "orderReference": "order-1001"}'`,
  ].join("\n");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
