/**
 * Which merchant a page is about, as its address says: the settings are one merchant's, and lists
 * are everybody's until one is chosen. With a single merchant there is nothing to choose.
 */
import { useLocation } from "preact-iso";
import type { MerchantView } from "../shared/merchants-api.ts";
import { session } from "./session.ts";

/** Every merchant here, the default one first. */
export function merchantsHere(): readonly MerchantView[] {
  const now = session.value;
  return now.kind === "in" ? now.view.merchants : [];
}

export function hasSeveral(): boolean {
  return merchantsHere().length > 1;
}

export function merchantName(id: string): string {
  return merchantsHere().find((merchant) => merchant.id === id)?.name ?? id;
}

/** The merchant that an address names, or "" where it names none that is here. */
export function merchantIn(query: Readonly<Record<string, string>>): string {
  return merchantsHere().find(({ id }) => id === query.merchant)?.id ?? "";
}

/** The same for the page that is open. */
export function useMerchant(): string {
  return merchantIn(useLocation().query);
}

/** As the address bar stands this moment, for what is asked after a wait. */
export function merchantNow(): string {
  const { search } = globalThis.location ?? { search: "" };
  return merchantIn(Object.fromEntries(new URLSearchParams(search)));
}

/** A path about a merchant; "" leaves it as it is. */
export function pathAbout(path: string, merchant: string): string {
  if (merchant === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}merchant=${merchant}`;
}
