/**
 * Messages between the loader in the shop's page and the frame from Lipia's origin. Both ends
 * check `event.source` and the exact origin before they read `type`; the field `lipia` lets an old
 * cached loader meet a newer frame.
 */
import type { Locale, PaymentStatus } from "./words.ts";

/** What a page learns of a payment; a hint, never proof (contract §6: `verified: false`). */
export interface PaymentHint {
  readonly paymentId: string;
  readonly status: PaymentStatus;
  readonly orderReference: string;
  readonly receipt?: string;
  readonly verified: false;
}

/** Frame → loader. */
export type FrameMessage =
  | { readonly lipia: 1; readonly type: "height"; readonly px: number }
  | {
      readonly lipia: 1;
      readonly type: "ready" | "status";
      readonly hint: PaymentHint;
      /** What this status is called on the shop's page, besides `lipia:status`. */
      readonly event?: "confirmed" | "unsuccessful" | "indoubt";
    }
  | { readonly lipia: 1; readonly type: "close" }
  | {
      readonly lipia: 1;
      readonly type: "leave";
      readonly to: "success" | "cancel";
      /** The payment's own address, for a shop's page that named none. */
      readonly url?: string;
    }
  | { readonly lipia: 1; readonly type: "error"; readonly code: string };

/** How the loader tells the frame what the shop chose; travels in the frame address's fragment. */
export interface FrameOptions {
  /** Exact origin of the shop's page: the only one the frame talks to. */
  readonly origin: string;
  readonly mode: "inline" | "overlay";
  readonly locale?: Locale | "auto";
  readonly theme?: "light" | "dark" | "auto";
  readonly accent?: string;
  readonly phone?: string;
  /** The shop's own addresses; the frame only needs to know that there are any. */
  readonly successUrl?: string;
  readonly cancelUrl?: string;
}
