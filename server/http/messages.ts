/** M-Pesa's raw messages, fit to be seen: no phone numbers, no secrets, and a hash of what came. */
import { createHash } from "node:crypto";
import type { MessageView } from "../../shared/payment-actions-api.ts";
import { maskedMessage } from "../../shared/redaction.ts";
import type { StoredCallback } from "../ports.ts";
import { iso, publicAttemptId } from "./payment-detail.ts";

/** A real callback has half a kilobyte; what is longer is no use to read, and its hash is whole. */
const SHOWN_MAX = 8_000;

/** @returns the text masked; the hash and the length are of the bytes that came. */
export function messageView(callback: StoredCallback): MessageView {
  const { id, attemptId, receivedAt, appliedAt, remoteAddress, body } = callback;
  const bytes = Buffer.from(body, "utf8");
  return {
    id,
    attemptId: publicAttemptId(attemptId),
    receivedAt: iso(receivedAt),
    appliedAt: appliedAt === null ? null : iso(appliedAt),
    from: remoteAddress,
    bytes: bytes.length,
    sha256: sha256(bytes),
    text: maskedMessage(readable(body)).slice(0, SHOWN_MAX),
    length: body.length > SHOWN_MAX ? "cut" : "whole",
  };
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** JSON on several lines; anything else as it came. */
function readable(body: string): string {
  if (body.length > SHOWN_MAX) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
