/** Where forged callbacks go: the proven address in all its spellings, and every near miss. */
import { connect } from "node:net";
import type { Push } from "./counting-daraja.ts";
import type { Dice } from "./dice.ts";

const FIXED_ADDRESS = "/api/mpesa/callback";

/** `own` is proven by its mac. */
export interface Address {
  readonly kind: "own" | "stray";
  readonly path: string;
}

/** An address for one post. @param other a push of another attempt, whose mac proves nothing here. */
export function addressOf(dice: Dice, push: Push, other: Push | null): Address {
  const own = new URL(push.callbackUrl).pathname;
  // The mac proves the address, wherever a proxy has put it.
  const spelled = [own, own, own, own, own, own, `${own}?from=x`, `${own}/`, `/shop${own}`];
  if (dice.chance(0.7)) return { kind: "own", path: dice.pick(spelled) };
  const mac = own.slice(-64);
  const foreignMac = other === null ? "0".repeat(64) : other.callbackUrl.slice(-64);
  const path = dice.pick([
    FIXED_ADDRESS,
    FIXED_ADDRESS,
    own.slice(0, -1),
    `${own}/x`,
    own.slice(0, -64) + flipped(mac, dice.int(64)),
    own.slice(0, -64) + foreignMac,
    own.slice(0, -64) + mac.toUpperCase().replace(/\d/g, "A"),
    own.slice(0, -65),
    own.replace(push.attemptId, flipped(push.attemptId, dice.int(32))),
    "/daraja/callbacks/%00/%ff",
    "/daraja/callbacks/",
    own.replace(/\/(?=[0-9a-f]{64}$)/, "//"),
  ]);
  return { kind: "stray", path };
}

function flipped(hex: string, at: number): string {
  const digit = hex.charAt(at) === "0" ? "1" : "0";
  return hex.slice(0, at) + digit + hex.slice(at + 1);
}

/** A sender that leaves in the middle of its body has said nothing. */
export function hangUp(origin: string, path: string, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(origin).port) }, () => {
      const length = body.length + 10;
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
      socket.write(body, () => socket.destroy());
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
  });
}
