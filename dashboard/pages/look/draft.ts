/** The look as it is being made on the page: what was read, changed by hand, not yet kept. */
import { parseAccent } from "../../../shared/accent.ts";
import type { BrandRequest, BrandView } from "../../../shared/brand-api.ts";
import { BRAND_NAME_MAX } from "../../../shared/brand-rules.ts";
import type { Chosen } from "./logo-file.ts";

export interface Draft {
  readonly name: string;
  /** As typed; empty wears Lipia's green. */
  readonly accent: string;
  readonly logo: { readonly kind: "keep" } | { readonly kind: "none" } | Chosen;
}

export function draftOf({ name, accent }: BrandView): Draft {
  return { name, accent: accent ?? "", logo: { kind: "keep" } };
}

/** Where the logo of a draft can be seen, or null. */
export function logoShown({ logo }: Draft, view: BrandView): string | null {
  switch (logo.kind) {
    case "keep":
      return view.logo;
    case "none":
      return null;
    case "new":
      return logo.address;
  }
}

export function nameFault(name: string): "missing" | "long" | null {
  const length = name.trim().length;
  if (length === 0) return "missing";
  return length > BRAND_NAME_MAX ? "long" : null;
}

/** What is typed is a colour, or nothing. */
export function isAccent(text: string): boolean {
  return text.trim() === "" || parseAccent(text) !== null;
}

export function requestOf({ name, accent, logo }: Draft, { version }: BrandView): BrandRequest {
  const wish = logo.kind === "new" ? { kind: logo.kind, base64: logo.base64 } : logo;
  return { version, name: name.trim(), accent: parseAccent(accent), logo: wish };
}
