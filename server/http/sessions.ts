/**
 * Who is at the dashboard: the session cookie and the session behind it. The cookie carries 32 random bytes; the store knows only
 * their SHA-256, so a stolen database opens no session.
 */
import { createHash } from "node:crypto";
import type { Request } from "express";
import type { Instant, UserId } from "../core/payment.ts";
import type { Clock, Ids, Log, PeopleStore, User } from "../ports.ts";

/** A session nobody uses ends after half a day, and every session after a week. */
export const SESSION_IDLE_MS = 12 * 3_600_000;
export const SESSION_ABSOLUTE_MS = 7 * 86_400_000;
/** A session's use is noted at most this often, so that reading a list does not write. */
const EXTEND_EVERY_MS = 5 * 60_000;
const SECRET_BYTES = 32;
/** Browsers send up to about 8 KB of cookies; whoever sends more is not signing in. */
const COOKIE_HEADER_MAX = 8_192;
const SECRET_SHAPE = /^[A-Za-z0-9_-]{43}$/;

export interface SessionDeps {
  readonly people: PeopleStore;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly log: Log;
}

export interface SignedIn {
  readonly user: User;
  readonly idHash: string;
  readonly provedAt: Instant | null;
}

/** `__Host-lipia` where the browser can hold such a cookie, `lipia` on plain http (contract §8). */
export function cookieName(publicUrl: string): string {
  return isHttps(publicUrl) ? "__Host-lipia" : "lipia";
}

/** The Set-Cookie value that hands a session's secret to the browser. */
export function sessionCookie(publicUrl: string, secret: string): string {
  return cookie(publicUrl, secret, SESSION_ABSOLUTE_MS / 1000);
}

/** The Set-Cookie value that takes the session away. */
export function clearedCookie(publicUrl: string): string {
  return cookie(publicUrl, "", 0);
}

/**
 * Opens a session for a user.
 * @returns the Set-Cookie value; its secret is known to the browser alone from here on.
 */
export async function openSession(
  deps: SessionDeps & { readonly ids: Ids },
  userId: UserId,
  device: string | null = null,
): Promise<string> {
  const secret = deps.ids.secret(SECRET_BYTES);
  const createdAt = deps.clock.now();
  await deps.people.openSession(
    {
      idHash: hashOf(secret),
      userId,
      createdAt,
      expiresAt: createdAt + SESSION_IDLE_MS,
      // Signing in is a proof: nothing is asked again for a while.
      provedAt: createdAt,
      device,
    },
    { at: createdAt, actor: userId, action: "signed_in", target: null, details: { device } },
  );
  return sessionCookie(deps.publicUrl, secret);
}

/** Who the guard let through, so that the route behind it need not read the session again. */
const kept = new WeakMap<Request, SignedIn>();

export function keepSession(req: Request, session: SignedIn): void {
  kept.set(req, session);
}

/** The signed-in user of a request, or null; a session in use lives on. */
export async function sessionOf(deps: SessionDeps, req: Request): Promise<SignedIn | null> {
  return kept.get(req) ?? readSession(deps, req.headers.cookie);
}

/** The same for a socket's handshake, which has headers but no Express request. */
export async function authenticateSession(
  deps: SessionDeps,
  cookieHeader: string | undefined,
): Promise<{ userId: UserId; idHash: string } | null> {
  const found = await readSession(deps, cookieHeader);
  return found === null ? null : { userId: found.user.id, idHash: found.idHash };
}

/** The value of one cookie in a Cookie header. Two of the same name are a forgery: none counts. */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined || header.length > COOKIE_HEADER_MAX) return null;
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value, second] = values;
  return value === undefined || second !== undefined ? null : value;
}

async function readSession(
  deps: SessionDeps,
  cookieHeader: string | undefined,
): Promise<SignedIn | null> {
  const secret = readCookie(cookieHeader, cookieName(deps.publicUrl));
  if (secret === null || !SECRET_SHAPE.test(secret)) return null;
  const idHash = hashOf(secret);
  const now = deps.clock.now();
  const found = await deps.people.sessionByHash(idHash, now);
  if (found === null) return null;
  const { createdAt, usedAt } = found.session;
  if (now - usedAt >= EXTEND_EVERY_MS) {
    await extend(deps, found.user.id, idHash, extendedEnd(createdAt, now), now);
  }
  return { user: found.user, idHash, provedAt: found.session.provedAt };
}

/** Who only reads is let in also while the disk is full; the next use notes itself. */
async function extend(
  { people, log }: SessionDeps,
  userId: UserId,
  idHash: string,
  expiresAt: Instant,
  now: Instant,
): Promise<void> {
  try {
    await people.extendSession(idHash, expiresAt, now);
  } catch (error) {
    log.warn("session_not_extended", { userId, cause: String(error) });
  }
}

function extendedEnd(createdAt: Instant, now: Instant): Instant {
  return Math.min(now + SESSION_IDLE_MS, createdAt + SESSION_ABSOLUTE_MS);
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith("https://");
}

function cookie(publicUrl: string, value: string, maxAgeSeconds: number): string {
  const secure = isHttps(publicUrl) ? "; Secure" : "";
  const name = cookieName(publicUrl);
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
