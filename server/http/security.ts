/** Security headers: strict policies without unsafe-*, and who may frame the checkout. */
import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * Until a merchant lists origins, any https or loopback page may frame its checkout (contract §8).
 * CSP has no way to write an IPv6 address; browsers complain of one and skip it.
 */
const ANY_SAFE_ORIGIN = ["https:", "http://localhost:*", "http://127.0.0.1:*"];

function policy(publicUrl: URL, frameAncestors: readonly string[]): string {
  // Older Safari does not count websockets as 'self'.
  const sockets = publicUrl.origin.replace(/^http/, "ws");
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${sockets}`,
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors.join(" ")}`,
  ].join("; ");
}

/** For pages that nobody frames. */
export function pagePolicy(publicUrl: URL): string {
  return policy(publicUrl, ["'none'"]);
}

/** For the preview of the checkout, which our own dashboard frames. */
export function previewPolicy(publicUrl: URL): string {
  return policy(publicUrl, ["'self'"]);
}

/** For the checkout, which shops frame: only the origins they listed, once they listed any. */
export function framedPolicy(publicUrl: URL, allowedOrigins: readonly string[]): string {
  const listed = allowedOrigins.length > 0 ? allowedOrigins : ANY_SAFE_ORIGIN;
  return policy(publicUrl, ["'self'", ...listed]);
}

/**
 * Headers of every answer. helmet's own resource policy would block the loader on other sites,
 * so assets.ts sets it per file; HSTS only where the site is https.
 */
export function securityHeaders(publicUrl: URL): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: "same-origin" },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
    hsts:
      publicUrl.protocol === "https:" ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
}
