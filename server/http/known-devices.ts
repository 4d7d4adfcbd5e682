/**
 * Remembers browsers from which somebody signed in before, so that a flood of wrong passwords from
 * elsewhere cannot keep them out (OWASP, "device cookies"). The cookie is a random name and a keyed
 * hash over it and the e-mail address: it opens nothing, needs no table and outlives a restart. It
 * gives its browser tries of its own, and a stolen one gives the thief those few and no more.
 */
import { timingSafeEqual } from "node:crypto";
import type { Clock, Ids, Seal } from "../ports.ts";
import { readCookie } from "./sessions.ts";

const NAME_BYTES = 16;
/** Half a year: longer than any holiday. */
const KNOWN_FOR_MS = 180 * 86_400_000;
const SHAPE = /^(?<name>[\w-]{22})\.(?<at>[0-9a-z]{1,10})\.(?<mac>[\w-]{10,64})$/;

export interface DeviceDeps {
  readonly seal: Pick<Seal, "hash">;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/** The Set-Cookie value by which this browser is known from now on for this person. */
export function deviceCookie({ seal, ids, clock, publicUrl }: DeviceDeps, email: string): string {
  const name = ids.secret(NAME_BYTES);
  const at = clock.now().toString(36);
  const value = `${name}.${at}.${macOf(seal, email, name, at)}`;
  const secure = publicUrl.startsWith("https://") ? "; Secure" : "";
  const rest = `Path=/; Max-Age=${KNOWN_FOR_MS / 1_000}; HttpOnly; SameSite=Lax${secure}`;
  return `${cookieName(publicUrl)}=${value}; ${rest}`;
}

/** The name of the browser, when this person signed in from it before; else null. */
export function knownDevice(
  { seal, clock, publicUrl }: Omit<DeviceDeps, "ids">,
  cookieHeader: string | undefined,
  email: string,
): string | null {
  const cookie = readCookie(cookieHeader, cookieName(publicUrl));
  const { name, at, mac } = SHAPE.exec(cookie ?? "")?.groups ?? {};
  if (name === undefined || at === undefined || mac === undefined) return null;
  const right = Buffer.from(macOf(seal, email, name, at));
  const given = Buffer.from(mac);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  return clock.now() - Number.parseInt(at, 36) < KNOWN_FOR_MS ? name : null;
}

function macOf(seal: Pick<Seal, "hash">, email: string, name: string, at: string): string {
  return seal.hash("device", `${name} ${at} ${email}`);
}

function cookieName(publicUrl: string): string {
  return publicUrl.startsWith("https://") ? "__Host-lipia-device" : "lipia-device";
}
