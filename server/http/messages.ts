/** Raw messages from and to M-Pesa, fit to be seen: no phone numbers, no secrets, and a hash of what came. */
import { createHash } from "node:crypto";
import type { CallView, MessageView, RawText } from "../../shared/payment-actions-api.ts";
import { maskedMessage } from "../../shared/redaction.ts";
import type { StoredCall, StoredCallback } from "../ports.ts";
import { iso, publicAttemptId } from "./payment-detail.ts";

/** A real callback has half a kilobyte; what is longer is no use to read, and its hash is whole. */
const SHOWN_MAX = 8_000;

/** A callback, fit to be seen. */
export function messageView(callback: StoredCallback): MessageView {
  const { id, attemptId, receivedAt, appliedAt, remoteAddress, body } = callback;
  return {
    id,
    attemptId: publicAttemptId(attemptId),
    receivedAt: iso(receivedAt),
    appliedAt: appliedAt === null ? null : iso(appliedAt),
    from: remoteAddress,
    ...rawText(body),
  };
}

/** A call of ours, fit to be seen. */
export function callView({ sent, answer, attemptId, at, ...call }: StoredCall): CallView {
  return {
    ...call,
    attemptId: publicAttemptId(attemptId),
    at: iso(at),
    sent: rawText(sent),
    answer: answer === null ? null : rawText(answer),
  };
}

/** The text masked; the hash and the length are of the bytes that are kept. */
function rawText(body: string): RawText {
  const bytes = Buffer.from(body, "utf8");
  return {
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
