/** A person's alerts by e-mail as the page shows them; choices show at once and are sent in turn. */
import { signal } from "@preact/signals";
import type { MailAlertsRequest, MailAlertsView } from "../../../shared/alert-api.ts";
import { postMailAlerts, readMailAlerts } from "../../alert-client.ts";
import type { Failure } from "../../client.ts";

export type MailReading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: MailAlertsView };

export const mailAlerts = signal<MailReading>({ kind: "loading" });

/** Grows with every choice: what was read before one is older than the page. */
let choices = 0;
let sending: Promise<unknown> = Promise.resolve();

/** Reads anew; what is shown stays until then. */
export async function openMailAlerts(): Promise<void> {
  const before = choices;
  await sending;
  const answer = await readMailAlerts();
  if (before !== choices) return;
  if (answer.ok) mailAlerts.value = { kind: "ready", view: answer.value };
  else if (mailAlerts.peek().kind !== "ready") {
    mailAlerts.value = { kind: "failed", failure: answer.failure };
  }
}

/** Shows a choice and sends it after those before; on failure the page shows what is kept. */
export async function keepMailAlerts(wish: MailAlertsRequest): Promise<Failure | null> {
  choices += 1;
  const mine = choices;
  const now = mailAlerts.peek();
  if (now.kind === "ready") mailAlerts.value = { kind: "ready", view: { ...now.view, ...wish } };
  const sent = sending.then(() => postMailAlerts(wish));
  sending = sent;
  const answer = await sent;
  if (!answer.ok) {
    await openMailAlerts();
    return answer.failure;
  }
  if (mine === choices) mailAlerts.value = { kind: "ready", view: answer.value };
  return null;
}
