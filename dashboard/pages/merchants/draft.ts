/** A merchant as the form has it, what is wrong with it, and the request it becomes. */
import { BRAND_NAME_MAX } from "../../../shared/brand-rules.ts";
import type { AddMerchantRequest } from "../../../shared/merchants-api.ts";

export interface Draft {
  readonly name: string;
  readonly kind: AddMerchantRequest["kind"];
  readonly shortcode: string;
  readonly till: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly passkey: string;
  readonly pull: "on" | "off";
}
export type DraftField = Exclude<keyof Draft, "kind" | "pull">;
export type DraftFault = "empty" | "long" | "digits" | "spaces";
export type DraftFaults = Partial<Record<DraftField, DraftFault>>;

export const NO_DRAFT: Draft = {
  name: "",
  kind: "paybill",
  shortcode: "",
  till: "",
  consumerKey: "",
  consumerSecret: "",
  passkey: "",
  pull: "off",
};

export const KINDS = ["paybill", "till"] as const satisfies readonly Draft["kind"][];
export const SECRETS = ["consumerKey", "consumerSecret", "passkey"] as const;
export type Secrets = Readonly<Record<(typeof SECRETS)[number], string>>;

/** Whether the M-Pesa behind this server asks for credentials. */
export type Credentials = "wanted" | "none";

/** What the server would refuse, by field. */
export function draftFaults(draft: Draft, credentials: Credentials): DraftFaults {
  const faults: DraftFaults = {};
  const name = draft.name.trim();
  if (name === "") faults.name = "empty";
  else if (name.length > BRAND_NAME_MAX) faults.name = "long";
  if (!isNumber(draft.shortcode)) faults.shortcode = "digits";
  if (draft.kind === "till" && !isNumber(draft.till)) faults.till = "digits";
  return credentials === "none" ? faults : { ...faults, ...secretFaults(draft) };
}

/** The same of the credentials alone. */
export function secretFaults(draft: Secrets): DraftFaults {
  const faults: DraftFaults = {};
  for (const field of SECRETS) {
    const text = draft[field].trim();
    if (text === "") faults[field] = "empty";
    else if (!/^[\x21-\x7e]+$/.test(text)) faults[field] = "spaces";
  }
  return faults;
}

export function requestOf(draft: Draft, credentials: Credentials): AddMerchantRequest {
  const { name, kind, shortcode, till, pull, ...rest } = draft;
  return {
    ...{ name: name.trim(), kind, shortcode: shortcode.trim() },
    ...(kind === "till" ? { till: till.trim() } : {}),
    ...(credentials === "none" ? {} : { credentials: rest, pull: pull === "on" }),
  };
}

function isNumber(text: string): boolean {
  return /^\d{5,7}$/.test(text.trim());
}
