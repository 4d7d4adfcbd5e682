/** The contract of one payment's page: what may be done with it, by whom it was done, and its messages. */
import { z } from "zod";
import { holdsNumber } from "./redaction.ts";
import { ACTION_NAMES, FLAGS, WHY_NOT } from "./words.ts";

const instant = z.iso.datetime();
const REASON_MIN = 10;
const REASON_MAX = 300;
const NOTE_MAX = 2_000;

/** One action: for which attempts it is possible now, or why not and from when. */
export const actionView = z.discriminatedUnion("kind", [
  z.object({
    name: z.enum(ACTION_NAMES),
    kind: z.literal("allowed"),
    attempts: z.array(z.string()),
  }),
  z.object({
    name: z.enum(ACTION_NAMES),
    kind: z.literal("refused"),
    because: z.enum(WHY_NOT),
    /** When it becomes possible by waiting; null where waiting does not help. */
    at: instant.nullable(),
  }),
]);
export type ActionView = z.infer<typeof actionView>;

export const noteView = z.object({
  id: z.string(),
  at: instant,
  author: z.string(),
  text: z.string(),
});
export type NoteView = z.infer<typeof noteView>;

/** What the page tells of an attempt beside its public object. */
export const attemptFacts = z.object({
  id: z.string(),
  flags: z.array(z.enum(FLAGS)),
  merchantRequestId: z.string().nullable(),
  sentAt: instant.nullable(),
  acceptedAt: instant.nullable(),
  inDoubtAt: instant.nullable(),
  heldAt: instant.nullable(),
  looks: z.int(),
  lastLookAt: instant.nullable(),
  nextLookAt: instant.nullable(),
  laterResultCode: z.string().nullable(),
  /** What the customer told of the SMS: looked for, not believed. */
  customerCode: z.string().nullable(),
  /** Under every receipt. */
  received: z.number().nullable(),
  /** Money that came under further receipts: part of what was received. */
  otherReceipts: z.array(z.object({ receipt: z.string(), amount: z.number() })),
  reversed: z.number(),
});
export type AttemptFacts = z.infer<typeof attemptFacts>;

/**
 * Raw text without phone numbers and secrets; the fingerprint and the size are of what is kept. A
 * plain hash would give the numbers back: few enough digits are unknown to try them all.
 */
const rawText = z.object({
  bytes: z.int(),
  /** A keyed hash, which only this installation can make again. */
  fingerprint: z.string(),
  text: z.string(),
  /** `cut`: it is longer than what is shown. */
  length: z.enum(["whole", "cut"]),
});
export type RawText = z.infer<typeof rawText>;

/** A callback as it came. */
export const messageView = rawText.extend({
  id: z.string(),
  attemptId: z.string(),
  receivedAt: instant,
  /** When it was applied to the payment; null while it waits. */
  appliedAt: instant.nullable(),
  from: z.string(),
});
export type MessageView = z.infer<typeof messageView>;

/** A call of ours to M-PESA and what came back; the password is not kept. */
export const callView = z.object({
  id: z.string(),
  attemptId: z.string(),
  call: z.enum(["push", "query"]),
  at: instant,
  tookMs: z.int(),
  /** HTTP status; null when no whole answer came. */
  status: z.int().nullable(),
  /** Why none came. */
  fault: z.string().nullable(),
  sent: rawText,
  answer: rawText.nullable(),
});
export type CallView = z.infer<typeof callView>;

export const paymentMessages = z.object({
  messages: z.array(messageView),
  calls: z.array(callView),
});
export type PaymentMessages = z.infer<typeof paymentMessages>;

const attemptId = z.string().regex(/^att_[0-9a-f]{32}$/, "attemptId must be the id of an attempt");
/** Kept in the clear, in the story and in the audit log. */
export const decisionReason = z
  .string()
  .trim()
  .min(REASON_MIN, `say in a sentence how you know (at least ${REASON_MIN} characters)`)
  .max(REASON_MAX, `use at most ${REASON_MAX} characters; a note holds more`)
  .refine((text) => !holdsNumber(text), "leave out whole phone numbers; the last 4 digits will do");
const receipt = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]{10}$/, "an M-PESA receipt is 10 letters and digits, such as UKO7A1B2C3");
const amount = z
  .int("amount must be a whole number of Kenyan shillings")
  .min(1, "amount must be at least 1")
  .max(250_000, "amount must be at most 250000");

const decision = { version: z.int().min(1), attemptId, reason: decisionReason };
const proof = {
  receipt,
  amount,
  /** `accepted`: the person has seen that the receipt's letters name another day. */
  otherDay: z.enum(["unseen", "accepted"]).default("unseen"),
};

/** A decision about much money that one person wants and a second one must approve. */
export const proposalView = z.object({
  id: z.string(),
  action: z.enum(["confirm", "reverse"]),
  attemptId: z.string(),
  receipt: z.string(),
  amount: z.int(),
  reason: z.string(),
  proposer: z.string(),
  /** The person who asks made it: somebody else must approve. */
  isYours: z.boolean(),
  createdAt: instant,
  expiresAt: instant,
});
export type ProposalView = z.infer<typeof proposalView>;

export const confirmByHandRequest = z.strictObject({ ...decision, ...proof });
export const failByHandRequest = z.strictObject(decision);
export const reverseByHandRequest = z.strictObject({ ...decision, ...proof });
/** Without a number the last phone is asked again. */
export const promptAgainRequest = z.strictObject({ phoneNumber: z.string().max(40).optional() });
export const noteRequest = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1, "write something")
    .max(NOTE_MAX, `use at most ${NOTE_MAX} characters`),
});
