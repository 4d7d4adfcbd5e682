/** Raw messages from and to M-Pesa, fit to be seen: no phone numbers, no secrets, and a fingerprint of what came. */
import type { CallView, MessageView, RawText } from "../../shared/payment-actions-api.ts";
import { maskedMessage } from "../../shared/redaction.ts";
import type { Seal, StoredCall, StoredCallback } from "../ports.ts";
import { iso, publicAttemptId } from "./payment-detail.ts";

/** A real callback has half a kilobyte; what is longer is no use to read, and its fingerprint is of the whole. */
const SHOWN_MAX = 8_000;

/** A callback, fit to be seen. */
export function messageView(seal: Seal, callback: StoredCallback): MessageView {
  const { id, attemptId, receivedAt, appliedAt, remoteAddress, body } = callback;
  return {
    id,
    attemptId: publicAttemptId(attemptId),
    receivedAt: iso(receivedAt),
    appliedAt: appliedAt === null ? null : iso(appliedAt),
    from: remoteAddress,
    ...rawText(seal, id, body),
  };
}

/** A call of ours, fit to be seen. */
export function callView(
  seal: Seal,
  { sent, answer, attemptId, at, ...call }: StoredCall,
): CallView {
  return {
    ...call,
    attemptId: publicAttemptId(attemptId),
    at: iso(at),
    sent: rawText(seal, `${call.id} sent`, sent),
    answer: answer === null ? null : rawText(seal, `${call.id} answer`, answer),
  };
}

/**
 * The text masked; the fingerprint and the length are of what is kept. The fingerprint is of the
 * message's own name, too: else whoever may send us a callback could try numbers, and see by an
 * equal fingerprint which one is right.
 */
function rawText(seal: Seal, name: string, body: string): RawText {
  return {
    bytes: Buffer.byteLength(body, "utf8"),
    fingerprint: seal.hash("message", `${name}\n${body}`),
    text: maskedMessage(readable(body)).slice(0, SHOWN_MAX),
    length: body.length > SHOWN_MAX ? "cut" : "whole",
  };
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
