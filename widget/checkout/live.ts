/**
 * The socket, loaded only after the customer pressed Pay: it costs more bytes than the checkout
 * itself. Its nudges carry no facts; the receiver re-reads.
 */
import { Manager, type Socket } from "socket.io-client";
import {
  type CheckoutHandshake,
  type ClientToServer,
  type PaymentNudge,
  type ServerToClient,
  SOCKET_PATH,
} from "../../shared/push-events.ts";

export interface Listener {
  nudged(nudge: PaymentNudge): void;
  /** The socket came up (again) or went away; a nudge may have been missed meanwhile. */
  turned(to: "up" | "down"): void;
}

/** Opens the socket of one payment. */
export function connect(checkoutToken: string, listener: Listener): void {
  const auth: CheckoutHandshake = { checkoutToken };
  // A Manager without an address connects to the page's own origin; `io` would bring a parser.
  const manager = new Manager({
    path: SOCKET_PATH,
    transports: ["websocket"],
    reconnectionDelayMax: 10_000,
  });
  const socket: Socket<ServerToClient, ClientToServer> = manager.socket("/", { auth });
  socket.on("payment", (nudge) => listener.nudged(nudge));
  socket.on("connect", () => listener.turned("up"));
  socket.on("disconnect", () => listener.turned("down"));
}
