/**
 * What travels over the sockets. A push is a nudge and carries no facts worth stealing: the
 * receiver re-reads over HTTP, which is the truth (house: "Push is a nudge; GET is the truth").
 */

/** A payment changed; re-read it when `version` is newer than what you hold. */
export interface PaymentNudge {
  readonly id: string;
  readonly version: number;
}

/** Server → browser, on the default namespace (checkout) and on DASHBOARD_NAMESPACE alike. */
export interface ServerToClient {
  payment: (nudge: PaymentNudge) => void;
}

/** Browsers send nothing after the handshake. */
export type ClientToServer = Record<never, never>;

/** What a checkout frame sends in its handshake. */
export interface CheckoutHandshake {
  readonly checkoutToken: string;
}

export const SOCKET_PATH = "/socket.io";
export const DASHBOARD_NAMESPACE = "/dashboard";
/** A nudge is 60 bytes; anything larger than this is not ours (contract §8). */
export const SOCKET_MESSAGE_MAX_BYTES = 8_192;
