/**
 * What the flows need of the outside: interfaces only. server/app.ts wires the implementations,
 * tests wire others.
 */

import type { MailFault, MailKind } from "../shared/alert-words.ts";
import type { AuditAction, AuditFault, AuditPower } from "../shared/audit-words.ts";
import type { LogoType } from "../shared/brand-rules.ts";
import type { RollupKind, SetupFault } from "../shared/insight-words.ts";
import type { Cents } from "../shared/money.ts";
import type { FactorKind } from "../shared/passkey-rules.ts";
import type { UserRole } from "../shared/permissions.ts";
import type { Phone } from "../shared/phone.ts";
import type { PromptLimits } from "../shared/prompt-limits.ts";
import type { Receipt } from "../shared/receipt.ts";
import type { RetentionDays } from "../shared/retention-words.ts";
import type { KEY_KINDS } from "../shared/settings-api.ts";
import type {
  AmountSource,
  Environment,
  Flag,
  Locale,
  PaymentStatus,
  Reason,
  Step,
} from "../shared/words.ts";
import type { AlertMatter } from "./core/alerts.ts";
import type { RollupCell } from "./core/insight.ts";
import type {
  Attempt,
  AttemptId,
  Change,
  Evidence,
  Instant,
  MerchantId,
  Payment,
  PaymentId,
  PaymentWithAttempts,
  TimelineLine,
  UserId,
} from "./core/payment.ts";
import type { StatementLine } from "./core/statement.ts";
import type { RecentTry } from "./core/weather.ts";

export interface Clock {
  /** Epoch ms that never runs backwards within a process (I22). */
  now(): Instant;
  /** Ms since some moment, by a clock that nobody sets: for how long, where `now` is for when. */
  elapsed(): number;
  /** Resolves after `ms`, or rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  payment(): PaymentId;
  attempt(): AttemptId;
  /** A time-sortable id with a prefix of ours, for rows that are nobody's business outside. */
  row(prefix: string): string;
  /** `bytes` of randomness, base64url. */
  secret(bytes: number): string;
}

/** Structured log; fields pass an allow-list before they are written (I23). */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
/** All that a line may carry (I23): a field of another name does not compile, so that none is dropped unseen. */
export const LOG_FIELDS = [
  "address",
  "attemptId",
  "because",
  "cause",
  "code",
  "count",
  "description",
  "durationMs",
  "environment",
  "error",
  "event",
  "from",
  "host",
  "kind",
  "merchantId",
  "method",
  "outcome",
  "path",
  "paymentId",
  "port",
  "reason",
  "receipt",
  "requestId",
  "resultCode",
  "retryAfterSeconds",
  "role",
  "route",
  "rowId",
  "scenario",
  "signal",
  "stack",
  "state",
  "status",
  "to",
  "tries",
  "userId",
  "version",
] as const;
export type LogFields = Readonly<
  Partial<Record<(typeof LOG_FIELDS)[number], string | number | boolean | null>>
>;

/* ── Daraja ─────────────────────────────────────────────────────────────────────────────── */

/** What one push needs. Phone and callback address are personal data and secret: never logged. */
export interface PushOrder {
  readonly attemptId: AttemptId;
  /** Whole shillings. */
  readonly amount: number;
  readonly phone: Phone;
  readonly accountReference: string;
  readonly description: string;
  readonly callbackUrl: string;
  /** What the customer has waited already, in ms and parts of them: it is taken from the push's own time (contract §4). */
  readonly waitedMs: number;
}

/** How a push ended, by the classes of machine §5. `raw` is redacted text for the timeline. */
export type PushAnswer =
  | {
      readonly kind: "accepted";
      readonly merchantRequestId: string;
      readonly checkoutRequestId: string;
      readonly customerMessage: string;
    }
  | {
      readonly kind: "rejected";
      readonly code: string;
      readonly description: string;
      readonly cause: "merchant_setup" | "customer_busy" | "customer_account" | "request";
    }
  | { readonly kind: "not_sent"; readonly cause: NotSentCause; readonly description: string }
  | {
      readonly kind: "unknown";
      readonly description: string;
      /** Named by an answer that is not whole otherwise: Daraja can be asked about it. */
      readonly checkoutRequestId?: string;
    };
export type NotSentCause = "network" | "token" | "rate_limited" | "invalid";

/** How a query ended. Only `success` and `failure` are verdicts (machine §4 rows 11–13). */
export type LookAnswer =
  | { readonly kind: "success" }
  | { readonly kind: "failure"; readonly code: string; readonly description: string }
  | SilentAnswer;

/** No verdict, and why. */
export interface SilentAnswer {
  readonly kind: "silent";
  readonly cause: "processing" | "unreachable" | "rate_limited" | "unknown_id" | "nonsense";
  readonly description: string;
  /** From a 429 that names its rate: requests a minute. */
  readonly ratePerMinute?: number;
}

/** What Pull Transactions told of a window: one page of it, and none that ends it has rows. */
export type PullAnswer =
  | {
      readonly kind: "page";
      /** How many rows stood there: the next page begins after them. */
      readonly rows: number;
      readonly lines: readonly StatementLine[];
      /** Every row was readable, and the window was not asked for by a wrong clock. */
      readonly whole: boolean;
    }
  | SilentAnswer;

/** May a push leave now? Not without a token, nor right after Daraja asked for fewer pushes. */
export type Ready =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly description: string;
      readonly cause: Exclude<NotSentCause, "invalid">;
      /** Where Daraja asked for fewer pushes: how long, in ms, none should leave. */
      readonly restMs?: number;
    };

/** One merchant's door to M-Pesa. Never throws for what the network or Daraja can do. */
export interface Daraja {
  /** Fetches or reuses the shared token; a failure means the push was surely not sent. */
  ready(): Promise<Ready>;
  /** Sends one prompt, once, on a fresh connection. At most one more try, after a token refusal only. */
  push(order: PushOrder): Promise<PushAnswer>;
  /** Asks for the result of one prompt. @param attemptId whose prompt it is, for what is kept of the call. */
  query(checkoutRequestId: string, attemptId: AttemptId): Promise<LookAnswer>;
}

/** One call of ours to Daraja about an attempt, and what came back. */
export interface DarajaCall {
  readonly attemptId: AttemptId;
  readonly call: "push" | "query";
  readonly at: Instant;
  readonly tookMs: number;
  /** The body as it left, without the password. */
  readonly sent: string;
  /** HTTP status and body; null when no whole answer came, and then `fault` says why. */
  readonly status: number | null;
  readonly answer: string | null;
  readonly fault: string | null;
}

/** Daraja's own list of what came in (Pull Transactions). Never throws, as its other calls. */
export interface PullSource {
  /** Money that came in from `from` to `to`, at most 48 hours back, beginning after `offset` rows. */
  pull(from: Instant, to: Instant, offset: number): Promise<PullAnswer>;
}

/** Decides whether Daraja may be asked now: one token bucket and one breaker per app (machine §9). */
export interface LookGate {
  /**
   * First looks go before repeats, and pages of Pull in turn with them; otherwise how long to wait.
   * The breaker stands before the looks only: a Daraja whose queries are down may still answer Pull.
   */
  take(
    priority: "first" | "repeat" | "pull",
  ): "go" | { readonly waitMs: number; readonly because: "rate" | "down" };
  /** Learns from every answer: a 429 slows the pace, faults of looks open the breaker. */
  report(answer: LookAnswer, of?: "look" | "pull"): void;
}

/** One Daraja app as a merchant uses it: the client that signs for it, and the pace of its questions. */
export interface DarajaApp<Client extends Daraja = Daraja> {
  readonly daraja: Client;
  readonly gate: LookGate;
}

/** Every merchant speaks to Daraja with credentials of its own. */
export interface DarajaApps<Client extends Daraja = Daraja> {
  /** A merchant without usable credentials has an app too: whatever it is asked, it says so. */
  of(id: MerchantId): Promise<DarajaApp<Client>>;
}

/* ── Push to browsers ───────────────────────────────────────────────────────────────────── */

export interface Push {
  /** Tells whoever watches this payment that a committed row changed (I18). Never throws. */
  nudge(payment: { id: PaymentId; merchantId: MerchantId; version: number }): void;
}

/* ── Sealing ────────────────────────────────────────────────────────────────────────────── */

/** What a keyed hash is of; equal texts under different labels have different hashes. */
export type HashLabel =
  | "phone"
  | "checkoutRequest"
  | "callbackBody"
  | "requestBody"
  | "device"
  | "message";

/** Encryption at rest and keyed look-up, by keys derived from LIPIA_SECRET. Hashes are of the key of now only. */
export interface Seal {
  /** Names the key of now; sealed texts carry the name of theirs. */
  readonly keyId: string;
  /** Is this key the one of now, or a former one that still opens? */
  knows(keyId: string): boolean;
  /** Encrypts a text; the same text gives another sealed text each time. */
  seal(text: string): string;
  /** Throws when the text was sealed with a key it does not know or was changed since. */
  open(sealed: string): string;
  /** A short keyed hash, base64url: equal texts have equal hashes. */
  hash(label: HashLabel, text: string): string;
}

/* ── Store ──────────────────────────────────────────────────────────────────────────────── */

/** Names of the guards a commit can miss; the caller decides again. */
export type GuardName =
  | "version"
  | "order"
  | "phone"
  | "receipt"
  | "checkoutRequest"
  | "accountReference"
  | "idempotency"
  | "inbox"
  | "auditHead"
  | "unique"
  | "invitation"
  | "owner"
  | "factor"
  | "place"
  | "proposal";

export type CommitResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly missed: GuardName };

export interface Merchant {
  readonly id: MerchantId;
  readonly environment: Environment;
  readonly name: string;
  readonly shortcode: string;
  /** Exact origins that may frame the checkout; empty = any https or loopback origin. */
  readonly allowedOrigins: readonly string[];
  /** Since when no new payment is opened; null while it takes payments. */
  readonly pausedAt: Instant | null;
}

/** A merchant as it is kept, with the look of its checkout. */
export interface KnownMerchant extends Merchant {
  /** `default`: its M-Pesa stands in the environment; `further`: it was added in the dashboard. */
  readonly origin: "default" | "further";
  /** Where the money of Buy Goods goes, while `shortcode` is the store number; null for a pay bill. */
  readonly till: string | null;
  /** Whether Daraja's list of what came in may be asked for a further merchant. */
  readonly pull: "asked" | "off";
  readonly brand: {
    /** Guards a change of name, colour and logo. */
    readonly version: number;
    /** `#rrggbb`; null is Lipia's own green. */
    readonly accent: string | null;
    /** Names the logo by its content; null for none. */
    readonly logo: string | null;
  };
  /** From this amount two people decide by hand; null: one is enough. */
  readonly twoPersonFrom: Cents | null;
}

/** A merchant that is added in the dashboard. */
export interface NewMerchant extends Omit<Merchant, "allowedOrigins" | "pausedAt"> {
  readonly till: string | null;
  readonly pull: "asked" | "off";
  /** Sealed; null where no credentials are needed. */
  readonly credentialsSealed: string | null;
}

export interface Logo {
  readonly hash: string;
  readonly type: LogoType;
  readonly base64: string;
}

/** The prompt limits of a merchant, with the version that guards a change. */
export interface KeptLimits {
  readonly version: number;
  readonly limits: PromptLimits;
}
export interface LimitStore {
  /** The defaults where nothing was set. */
  limitsOf(id: MerchantId): Promise<KeptLimits>;
  /** Replaces them, unless somebody else did since version `was`: then false. */
  setLimits(id: MerchantId, limits: PromptLimits, was: number, audit: AuditEntry): Promise<boolean>;
}

export interface BrandStore {
  /** Replaces the look, unless somebody else did since version `was`: then false. */
  setBrand(
    id: MerchantId,
    look: {
      readonly name: string;
      readonly accent: string | null;
      readonly logo: "keep" | "none" | Logo;
    },
    was: number,
    audit?: AuditEntry,
  ): Promise<boolean>;
  /** The logo that some merchant has now. */
  logoByHash(hash: string): Promise<Logo | null>;
}

export type KeyKind = (typeof KEY_KINDS)[number];

/** A stored key. Secret keys are known by hash only; a signing key is sealed because HMAC needs it. */
export interface NewKey {
  readonly id: string;
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  readonly kind: KeyKind;
  readonly hash: string;
  readonly tail: string;
  readonly sealed: string | null;
  readonly createdAt: Instant;
}

/** A key as it is kept; `revokedAt` ends it for good. */
export interface StoredKey extends Omit<NewKey, "hash" | "sealed" | "merchantId" | "environment"> {
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
}

export interface ListFilter {
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  readonly limit: number;
  readonly startingAfter?: PaymentId;
  /** Any of these. */
  readonly statuses?: readonly PaymentStatus[];
  /** Why the last failed attempt failed: any of these. */
  readonly reasons?: readonly Reason[];
  /** Any of these. */
  readonly flags?: readonly Flag[];
  readonly amountFrom?: Cents;
  readonly amountTo?: Cents;
  /** The last 2 to 4 digits of a phone that was prompted. */
  readonly phoneTail?: string;
  readonly receipt?: Receipt;
  readonly orderReference?: string;
  /** The page of the shop's that it was opened from; null where none is known. */
  readonly page?: string | null;
  /** Who fixed the amount: any of these. */
  readonly sources?: readonly AmountSource[];
  /** The hour of the day in Nairobi when it was opened, 0 to 23. */
  readonly hour?: number;
  /** How far it came: any of these. */
  readonly steps?: readonly Step[];
  /** M-Pesa's code of the last failed attempt; "" where it told none. */
  readonly resultCode?: string;
  /** One search box: receipt (10 characters), last digits of a phone (2–4 digits), or the beginning of an order reference. */
  readonly q?: string;
  readonly createdFrom?: Instant;
  readonly createdTo?: Instant;
}

/** How many payments a filter finds and what the confirmed ones of them come to. */
export type ListTotals =
  | { readonly kind: "exact"; readonly count: number; readonly confirmedCents: Cents }
  /** Looking further would keep everybody waiting: at least so many, and no sum that would be half of one. */
  | { readonly kind: "at_least"; readonly count: number };

export interface StoredTimelineLine extends TimelineLine {
  readonly id: string;
}

export interface InboxRow {
  readonly id: string;
  readonly environment: Environment;
  readonly attemptId: AttemptId;
  /** Keyed digest of the raw body: a repeat of the same bytes is the same row. */
  readonly digest: string;
  /** Sealed raw body. */
  readonly bodySealed: string;
  readonly receivedAt: Instant;
  readonly remoteAddress: string;
}

export interface IdempotencyClaim {
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  readonly key: string;
  readonly bodyHash: string;
  readonly at: Instant;
}
export type IdempotencyState =
  | { readonly kind: "fresh" }
  | { readonly kind: "running"; readonly since: Instant; readonly paymentId: PaymentId | null }
  | { readonly kind: "done"; readonly status: number; readonly body: string }
  | { readonly kind: "other_body" };

/** What stands in the same transaction as a change. */
export interface CommitExtra {
  /** The number of the attempt a change creates; it is sealed before it is stored. */
  readonly phone?: Phone;
  /** A callback's raw body, kept and marked applied with the move it causes (machine P3). */
  readonly inbox?: InboxRow;
  /** An inbox row kept earlier that this change applies at last. */
  readonly appliedInbox?: { readonly id: string; readonly at: Instant };
  /** The row of the audit log about this change (I21). */
  readonly audit?: AuditEntry;
  /** The proposal that this change carries out: it ends with it, and once. */
  readonly proposal?: string;
}

/** An attempt that must be looked at, and how often it was before. */
export interface DueAttempt {
  readonly attemptId: AttemptId;
  readonly paymentId: PaymentId;
  readonly merchantId: MerchantId;
  readonly looks: number;
}

export interface PaymentStore {
  load(id: PaymentId): Promise<PaymentWithAttempts | null>;
  /** The payment an attempt belongs to, or null for an orphan. */
  paymentOfAttempt(attemptId: AttemptId): Promise<PaymentId | null>;
  /** The same, and whether the number of the attempt was erased since. */
  ownerOf(
    attemptId: AttemptId,
  ): Promise<{ readonly id: PaymentId; readonly phone: "known" | "erased" } | null>;
  attemptByCheckoutRequest(
    environment: Environment,
    checkoutRequestId: string,
  ): Promise<AttemptId | null>;
  /** Every payment of an order with its attempts, newest first: what machine §8.1 looks at. */
  byOrder(
    merchantId: MerchantId,
    environment: Environment,
    orderReference: string,
  ): Promise<readonly PaymentWithAttempts[]>;
  /** The same for the order that this payment belongs to; empty when there is no such payment. */
  orderOf(id: PaymentId): Promise<readonly PaymentWithAttempts[]>;
  /** Attempts on one phone created since `since`, oldest first, for the limits and rule §8.5. */
  attemptsOfPhone(
    environment: Environment,
    phoneHash: string,
    since: Instant,
  ): Promise<readonly Attempt[]>;
  /** The attempt whose money came under this receipt, also as a second one beside its own (I3). */
  receiptOwner(environment: Environment, receipt: Receipt): Promise<AttemptId | null>;
  /** Whether money was given back under this receipt, whoever's it was: one reversal gives back once. */
  isReversal(environment: Environment, receipt: Receipt): Promise<boolean>;
  /** Attempts whose customers say that this receipt is theirs; two at most (machine §8.4). */
  namingReceipt(environment: Environment, receipt: Receipt): Promise<readonly Attempt[]>;
  accountReferenceUsed(
    environment: Environment,
    shortcode: string,
    accountReference: string,
    since: Instant,
  ): Promise<boolean>;
  list(filter: ListFilter): Promise<{ rows: readonly PaymentWithAttempts[]; hasMore: boolean }>;
  /** The totals of a filter; where a page would begin and how long it is plays no part. */
  totals(filter: ListFilter): Promise<ListTotals>;
  timeline(id: PaymentId): Promise<readonly StoredTimelineLine[]>;
  /**
   * Inserts a new payment; misses `order` when the order has an unfinished or paid one, and
   * `accountReference` when another payment of the shortcode used it within 90 days, unless the
   * merchant `given` it. `claim` is linked to the payment in the same transaction (machine §6, P0).
   */
  open(
    payment: Payment,
    line: TimelineLine,
    extra?: { accountReference?: "ours" | "given"; claim?: IdempotencyClaim; phone?: Phone },
  ): Promise<CommitResult>;
  /**
   * Commits a change guarded by the version the decision read, with its attempts, timeline and
   * evidence; `phone` is needed when the change creates an attempt; `inbox` makes the callback's
   * raw body part of the same transaction. `decidedOn` are the rows that were read: a change that
   * alters nothing that is counted leaves the counts alone.
   */
  apply(
    change: Change,
    extra?: CommitExtra,
    decidedOn?: PaymentWithAttempts,
  ): Promise<CommitResult>;
  /** The number the merchant named when opening, unsealed; null once erased. Only a prompt and a file of numbers may ask. */
  phoneOfPayment(id: PaymentId): Promise<Phone | null>;
  /** The number an attempt prompts, unsealed; null once erased. Only the push and a file of numbers may ask. */
  phoneOf(attemptId: AttemptId): Promise<Phone | null>;
  /**
   * Attempts of one environment whose `wakeAt` has come: those never looked at before the others,
   * each soonest first (machine §9).
   */
  due(environment: Environment, at: Instant, limit: number): Promise<readonly DueAttempt[]>;
  /** The same of one merchant alone. */
  dueOf(
    merchantId: MerchantId,
    environment: Environment,
    at: Instant,
    limit: number,
  ): Promise<readonly DueAttempt[]>;
  /** Whose attempts `due` would list if it had no limit. */
  merchantsDue(environment: Environment, at: Instant): Promise<readonly MerchantId[]>;
  /**
   * Payments with an attempt in doubt, newest first: what a statement of this shortcode may settle.
   * Their status may be another, where money of an earlier attempt came late. A merchant whose
   * shortcode has changed has doubts of the former one, of which no list of the new one can tell.
   */
  inDoubt(
    merchant: Pick<Merchant, "id" | "environment" | "shortcode">,
    limit: number,
  ): Promise<readonly PaymentWithAttempts[]>;
  /** Every payment of a shortcode that used an account reference since `since`, newest first. */
  byAccountReference(
    environment: Environment,
    shortcode: string,
    accountReference: string,
    since: Instant,
  ): Promise<readonly PaymentWithAttempts[]>;
  /** Attempts found in created or sending: what the start-up sweep settles (machine row 6). */
  unfinishedSends(
    environment: Environment,
    before: Instant,
  ): Promise<readonly { attemptId: AttemptId; paymentId: PaymentId }[]>;
  /** Unclosed payments of one environment whose expiry has come. */
  expired(environment: Environment, at: Instant, limit: number): Promise<readonly PaymentId[]>;
}

/** What a person wrote down beside a payment. */
export interface Note {
  readonly id: string;
  readonly paymentId: PaymentId;
  readonly environment: Environment;
  readonly at: Instant;
  readonly userId: UserId;
  /** The e-mail address at the time of writing. */
  readonly author: string;
  readonly text: string;
}

/** A raw callback with what became of it. */
export interface StoredCallback extends InboxRow {
  readonly body: string;
  readonly appliedAt: Instant | null;
}

/** What tells a payment's story beside its rows and its timeline. */
export interface StoryStore {
  /** Keeps a note, sealed, together with the audit log's row about it. */
  addNote(note: Note, audit: AuditEntry): Promise<void>;
  /** Oldest first, as everything here. */
  notes(id: PaymentId): Promise<readonly Note[]>;
  /** The raw callbacks on the own addresses of a payment's attempts. */
  callbacks(id: PaymentId): Promise<readonly StoredCallback[]>;
  evidence(id: PaymentId): Promise<readonly Evidence[]>;
  /** What was asked of Daraja about a payment's attempts, and its answers. */
  calls(id: PaymentId): Promise<readonly StoredCall[]>;
  /** Keeps calls, sealed. */
  keepCalls(environment: Environment, calls: readonly StoredCall[]): Promise<void>;
}

/** A call of ours as it is kept. */
export interface StoredCall extends DarajaCall {
  readonly id: string;
}

/** What an erasure goes through, in this order: attempts last, since they are how it finds the rest again. */
export const ERASURE_ROOMS = ["payments", "notes", "orphans", "attempts"] as const;
export type ErasureRoom = (typeof ERASURE_ROOMS)[number];

/** One transaction of an erasure; `next` is where the following one begins, null at the end. */
export type ErasedBatch =
  | {
      readonly kind: "blanked";
      readonly next: string | null;
      readonly counts: Readonly<Partial<Record<ErasureCount, number>>>;
    }
  /** An attempt through which money may move stands in the way; nothing of the batch was written. */
  | { readonly kind: "unsettled" };

/**
 * Rows that held the number. `references`: the order's own name holds it, and stays. `unopened`:
 * sealed texts that do not open any more, of which nobody can say whether they hold it; they stay.
 */
export const ERASURE_COUNTS = [
  "attempts",
  "payments",
  "callbacks",
  "notes",
  "references",
  "unopened",
] as const;
export type ErasureCount = (typeof ERASURE_COUNTS)[number];

/** Takes a number out of everything that is kept, and leaves money, times, receipts and evidence. */
export interface ErasureStore {
  /** Attempts on the number whose outcome is open, or whose callback waits to be applied. */
  unsettled(phone: Phone): Promise<number>;
  /** Blanks the number in the next rows of a room after the row `after` ("" begins). */
  blank(room: ErasureRoom, phone: Phone, after: string): Promise<ErasedBatch>;
}

/** For how long numbers of finished payments are kept, with the version that guards a change. */
export interface KeptRetention {
  readonly version: number;
  readonly days: RetentionDays | null;
}
/** Where a walk through old payments stands. */
export interface AgeingMark {
  readonly createdAt: Instant;
  readonly id: PaymentId;
}
/** Some old payments in the order in which they were opened; `next` is null at the end. */
export interface AgeingSlice {
  readonly ids: readonly PaymentId[];
  readonly next: AgeingMark | null;
}
export type AgedOut =
  | { readonly kind: "blanked"; readonly attempts: number; readonly callbacks: number }
  /** Its money may move again, or another process was quicker. */
  | { readonly kind: "left" }
  /** Something sealed in it does not open, so that nobody knows which numbers it holds; nothing was changed. */
  | { readonly kind: "unopened" };

/** Takes numbers out of payments that were over long ago. */
export interface AgeingStore {
  retentionOf(id: MerchantId): Promise<KeptRetention>;
  /** False when somebody else changed it since version `was`. */
  setRetention(
    id: MerchantId,
    days: RetentionDays | null,
    was: number,
    audit: AuditEntry,
  ): Promise<boolean>;
  /**
   * Payments that are over and did not change since `before`: no attempt is open or to review, no
   * callback waits. `holding` leaves out those in which no number is left.
   */
  due(
    scope: Scope,
    which: "all" | "holding",
    before: Instant,
    after: AgeingMark | null,
    limit: number,
  ): Promise<AgeingSlice>;
  /** Takes every number that the payment knows out of it, its attempts, callbacks and notes. */
  ageOut(id: PaymentId, at: Instant): Promise<AgedOut>;
  /**
   * Takes every number out of the next callbacks after the row `after` that came in within the span
   * and whose attempt is unknown here; what tells of the money stays.
   */
  ageOutOrphans(
    environment: Environment,
    span: { readonly since: Instant; readonly before: Instant },
    after: string,
  ): Promise<{ readonly blanked: number; readonly next: string | null }>;
}

export interface InboxStore {
  /** Keeps a callback's raw body; a repeat of the same bytes is `duplicate` and changes nothing. */
  keep(row: InboxRow): Promise<"kept" | "duplicate">;
  known(attemptId: AttemptId, digest: string): Promise<{ id: string; applied: boolean } | null>;
  markApplied(id: string, at: Instant): Promise<void>;
  /** When the newest callback of an environment came in, or null. */
  lastReceivedAt(environment: Environment): Promise<Instant | null>;
  /** Kept but not yet applied (applying threw, or a crash came between), and not those that do not open. */
  unapplied(limit: number): Promise<readonly (InboxRow & { body: string })[]>;
  /**
   * Callbacks on a right address whose attempt is unknown here (an older backup was restored),
   * oldest first, after the row `after`. Those that do not open are left out.
   */
  orphans(after: string | null, limit: number): Promise<readonly (InboxRow & { body: string })[]>;
}

export interface IdempotencyStore {
  claim(claim: IdempotencyClaim): Promise<IdempotencyState>;
  /** Notes which payment the call made, so that a crash can still answer. */
  link(claim: IdempotencyClaim, paymentId: PaymentId): Promise<void>;
  finish(claim: IdempotencyClaim, status: number, body: string): Promise<void>;
  /** Forgets the claim made at `claim.at`, whose answer may not be stored (≥ 500). */
  release(claim: IdempotencyClaim): Promise<void>;
  dropOlderThan(at: Instant): Promise<void>;
}

export interface MerchantStore {
  /** The default merchant of an environment, made on first use from the configuration. */
  ensureDefault(merchant: Merchant): Promise<Merchant>;
  byId(id: MerchantId): Promise<KnownMerchant | null>;
  /** Every merchant of an environment: the default one first, then in the order in which they came. */
  ofEnvironment(environment: Environment): Promise<readonly KnownMerchant[]>;
  /** Adds a further merchant; `taken` when one has the same shortcode and till already. */
  add(merchant: NewMerchant, audit: AuditEntry): Promise<"added" | "taken">;
  /** The sealed credentials of a further merchant, or null. */
  credentialsOf(id: MerchantId): Promise<string | null>;
  /** Replaces them; false when there is no such further merchant. */
  setCredentials(id: MerchantId, sealed: string, audit: AuditEntry): Promise<boolean>;
  /** Pauses (an instant) or resumes (null); false when it is so already. */
  setPaused(id: MerchantId, pausedAt: Instant | null, audit: AuditEntry): Promise<boolean>;
  addKey(key: NewKey, audit?: AuditEntry): Promise<void>;
  setWebhookSecret(id: MerchantId, sealed: string, audit?: AuditEntry): Promise<void>;
  /** Every key of a merchant, revoked ones included, newest first. */
  keysOf(id: MerchantId): Promise<readonly StoredKey[]>;
  /** Ends a key for good; false when the merchant has no such living key. */
  revokeKey(id: MerchantId, keyId: string, at: Instant, audit?: AuditEntry): Promise<boolean>;
  noteKeyUse(keyId: string, at: Instant): Promise<void>;
  /** Replaces the websites, unless somebody else did meanwhile: then false. */
  setOrigins(
    id: MerchantId,
    origins: readonly string[],
    was: readonly string[],
    audit?: AuditEntry,
  ): Promise<boolean>;
  /** Sets from which amount two people decide, unless somebody else did meanwhile: then false. */
  setTwoPerson(
    id: MerchantId,
    from: Cents | null,
    was: Cents | null,
    audit: AuditEntry,
  ): Promise<boolean>;
  /** A living key. */
  keyByHash(hash: string): Promise<{
    id: string;
    kind: KeyKind;
    merchantId: MerchantId;
    environment: Environment;
  } | null>;
}

/** A person, or who acts when no person does. */
export type AuditActor = UserId | AuditPower;
/** Plain facts about what was done. Never a secret, a token or a full phone number. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

/**
 * What the audit log is told. Stores take one beside what they write and commit both together;
 * `AuditStore.append` is for what writes nothing else.
 */
export interface AuditEntry {
  readonly at: Instant;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  /** The id of what it was done to: a key, a payment, a person. */
  readonly target: string | null;
  readonly details: AuditDetails;
}
export interface StoredAuditRow extends AuditEntry {
  /** Its place in the chain, from 1. */
  readonly number: number;
  /** The e-mail address, where actor or target is a person. */
  readonly actorName: string | null;
  readonly targetName: string | null;
  readonly hash: string;
}

export interface AuditFilter {
  readonly limit: number;
  /** Rows older than this number. */
  readonly before?: number;
  readonly actor?: AuditActor;
  readonly action?: AuditAction;
}

export interface AuditStore {
  /** Writes a row by itself; throws only when the database does. */
  append(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter): Promise<{ rows: readonly StoredAuditRow[]; hasMore: boolean }>;
  /** Everybody who ever could sign in, by e-mail address. */
  people(): Promise<readonly { readonly id: UserId; readonly name: string }[]>;
  /** The newest row; number 0 when there is none. */
  head(): Promise<{ readonly number: number; readonly hash: string }>;
  /** Where a hash that was noted elsewhere stands in the chain, or null when it is not there. */
  numberOfHash(hash: string): Promise<number | null>;
  /**
   * Walks at most `limit` rows after the row `after`, which is trusted (0 begins at the first row).
   * Nothing was left to check when `checkedTo` is `after` and nothing is broken.
   */
  verify(
    after: number,
    limit: number,
  ): Promise<{
    readonly checkedTo: number;
    readonly broken: { readonly row: number; readonly fault: AuditFault } | null;
  }>;
}

export interface User {
  readonly id: UserId;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: UserRole;
}
/** A person as the others may see them. */
export interface Person extends Omit<User, "passwordHash"> {
  readonly createdAt: Instant;
  readonly lastSeenAt: Instant | null;
}
/** Who acts, where a signed-in person does. */
export type Actor = Pick<User, "id" | "email">;

export interface Session {
  /** The SHA-256 of the cookie's secret: a stolen database opens no session. */
  readonly id: string;
  readonly userId: UserId;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly usedAt: Instant;
  /** In plain words, or null where the browser did not say. */
  readonly device: string | null;
  /** When the person proved last to be who they are: by password, or by a code where they have a second factor. */
  readonly provedAt: Instant | null;
}
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: UserRole;
  readonly invitedBy: UserId;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}
/** Living people only: for every method, somebody who was removed is nobody. */
export interface PeopleStore {
  countUsers(): Promise<number>;
  addUser(user: User & { createdAt: Instant }, audit?: AuditEntry): Promise<"added" | "taken">;
  userByEmail(email: string): Promise<User | null>;
  /** Everybody, in the order in which they came. */
  everybody(): Promise<readonly Person[]>;
  personById(id: UserId): Promise<Person | null>;
  /**
   * Gives another role, unless it is not `was` any more or nobody would be an owner then. Takes the
   * invitations of that person back.
   */
  changeRole(
    id: UserId,
    was: UserRole,
    role: UserRole,
    audit?: AuditEntry,
  ): Promise<"changed" | "stale" | "last_owner">;
  /** Removes a person with their sessions, passkeys, invitations and saved views, unless nobody would be an owner then. */
  removePerson(
    id: UserId,
    was: UserRole,
    at: Instant,
    audit?: AuditEntry,
  ): Promise<"removed" | "stale" | "last_owner">;
  setPassword(id: UserId, passwordHash: string, audit?: AuditEntry): Promise<void>;
  openSession(
    session: {
      idHash: string;
      userId: UserId;
      createdAt: Instant;
      expiresAt: Instant;
      provedAt?: Instant | null;
      device?: string | null;
    },
    audit?: AuditEntry,
  ): Promise<void>;
  sessionByHash(idHash: string, at: Instant): Promise<{ user: User; session: Session } | null>;
  /** Moves the end of a session that is in use; an ended session stays ended. */
  extendSession(idHash: string, expiresAt: Instant, usedAt: Instant): Promise<void>;
  /** Notes that the person of a session proved once more to be who they are. */
  proveSession(idHash: string, at: Instant): Promise<void>;
  endSession(idHash: string, audit?: AuditEntry): Promise<void>;
  /** The running sessions of a person, the one used last first. */
  sessionsOf(userId: UserId, at: Instant): Promise<readonly Session[]>;
  /** Ends all sessions of a person but one, or all. */
  endSessionsOf(userId: UserId, but: string | null, audit?: AuditEntry): Promise<void>;
  dropExpiredSessions(at: Instant): Promise<void>;
  /** Keeps an invitation in place of an earlier one for the same address; spent ones go. */
  invite(
    invitation: Invitation & { readonly tokenHash: string },
    audit?: AuditEntry,
  ): Promise<void>;
  /** Running invitations, newest first. */
  invitations(at: Instant): Promise<readonly Invitation[]>;
  invitationByHash(tokenHash: string, at: Instant): Promise<Invitation | null>;
  /** False when there is no such invitation any more. */
  revokeInvitation(id: string, audit?: AuditEntry): Promise<boolean>;
  /** Uses an invitation up and lets its person in, or neither. */
  acceptInvitation(
    tokenHash: string,
    user: User & { createdAt: Instant },
    audit?: AuditEntry,
  ): Promise<"added" | "taken" | "gone">;
}

/** A decision about much money that one person wants and a second one must approve. */
export interface Proposal {
  readonly id: string;
  readonly paymentId: PaymentId;
  readonly merchantId: MerchantId;
  readonly environment: Environment;
  readonly action: "confirm" | "reverse";
  readonly attemptId: AttemptId;
  readonly receipt: Receipt;
  readonly amountCents: Cents;
  /** Whether the person has seen that the receipt's letters name another day. */
  readonly otherDay: "unseen" | "accepted";
  readonly reason: string;
  readonly proposedBy: UserId;
  /** The e-mail address at the time. */
  readonly proposer: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}
/** Proposals that wait, one a payment at most; those whose time is over do not exist any more. */
export interface ProposalStore {
  /** False while another about the same payment waits. */
  propose(proposal: Proposal, audit: AuditEntry): Promise<boolean>;
  ofPayment(id: PaymentId, at: Instant): Promise<Proposal | null>;
  /** Newest first. */
  waiting(scope: Scope, at: Instant, limit: number): Promise<readonly Proposal[]>;
  /** Takes one away; false when it is gone. One that fell by itself needs no row in the audit log. */
  end(id: string, audit?: AuditEntry): Promise<boolean>;
}

/** A filter of the list that a person keeps under a name. */
export interface StoredView {
  readonly id: string;
  readonly name: string;
  /** As it stands in the list's address after the question mark. */
  readonly query: string;
}
/** Saved views, at most VIEWS_MAX a person; they go with the person. */
export interface ViewStore {
  /** A person's own, by name. */
  of(userId: UserId): Promise<readonly StoredView[]>;
  /** Keeps a view; where the name is taken, in whatever case, it is that view anew. */
  save(
    view: StoredView & { readonly userId: UserId; readonly createdAt: Instant },
    audit?: AuditEntry,
  ): Promise<"saved" | "full" | "gone">;
  /** False when this person has no such view. */
  remove(userId: UserId, id: string, audit?: AuditEntry): Promise<boolean>;
}

/** What a person wants to be mailed about, and in which language. */
export interface AlertChoice {
  readonly kinds: readonly MailKind[];
  readonly locale: Locale;
}
export interface AlertReader extends AlertChoice {
  readonly userId: UserId;
  readonly email: string;
}
/** A matter as it is kept: the payment is read again when the mail is written. */
export interface StoredMatter {
  readonly kind: MailKind;
  /** Null in rows from before there were several. */
  readonly merchantId: MerchantId | null;
  readonly paymentId: PaymentId | null;
  readonly fault: SetupFault | null;
}
export interface AlertMail {
  readonly id: string;
  readonly userId: UserId;
  readonly email: string;
  readonly locale: Locale;
  readonly createdAt: Instant;
  readonly tries: number;
  readonly matters: readonly StoredMatter[];
}
/** How a try to send came out. */
export type MailOutcome =
  | { readonly kind: "taken"; readonly said: string }
  | { readonly kind: "failed"; readonly fault: MailFault; readonly said: string };

/** Alerts by e-mail. All of it goes with the person. */
export interface AlertStore {
  /** Null where nothing was ever chosen. */
  choiceOf(userId: UserId): Promise<AlertChoice | null>;
  /** Also forgets what waits for a mail and is not wanted any more; false when the person is gone. */
  choose(userId: UserId, choice: AlertChoice, audit: AuditEntry): Promise<boolean>;
  /** Everybody who wants any kind of mail. */
  readers(): Promise<readonly AlertReader[]>;
  /** Keeps for a person what they were not told of before; how many matters that were. */
  raise(userId: UserId, matters: readonly AlertMatter[], at: Instant): Promise<number>;
  /**
   * Makes a mail of all that waits for a person, unless one is under way or was taken after
   * `since`: then null.
   */
  gather(userId: UserId, id: string, at: Instant, since: Instant): Promise<"made" | null>;
  /** People for whom something waits for a mail. */
  waiting(): Promise<readonly UserId[]>;
  /** Mails whose next try has come, the one that waits longest first. */
  dueMails(at: Instant, limit: number): Promise<readonly AlertMail[]>;
  /** Counts a try and moves the next one, before the mail goes; false when another process did. */
  claimMail(id: string, tries: number, nextTryAt: Instant): Promise<boolean>;
  markTaken(id: string, userId: UserId, at: Instant): Promise<void>;
  /** @param givenUpAt null while it will be tried again. */
  markFailed(
    id: string,
    failure: { readonly fault: MailFault; readonly said: string },
    givenUpAt: Instant | null,
  ): Promise<void>;
  /** Notes that a test to this person was taken. */
  noteWorked(userId: UserId, at: Instant): Promise<void>;
  /** How the person's mails fare: one that failed and waits, and one that was given up last. */
  trouble(userId: UserId): Promise<{
    readonly waiting: MailFailure | null;
    readonly givenUp: (MailFailure & { readonly matters: number }) | null;
  }>;
  /** Forgets mails from before `at`, and what they told of payments that wait no longer. */
  dropOlderThan(at: Instant): Promise<void>;
}
export interface MailFailure {
  readonly fault: MailFault;
  readonly said: string;
  readonly createdAt: Instant;
  /** When it is tried again; of a mail that was given up: when it was. */
  readonly at: Instant;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for every try: a mail server that keeps both shows one. */
  readonly id: string;
}

/** The door to the merchant's mail server. Never throws for what that server can do. */
export interface Mailer {
  send(mail: Mail, signal?: AbortSignal): Promise<MailOutcome>;
  /** Connects and signs in, and sends nothing. */
  check(): Promise<MailOutcome>;
}

/** People's second factors but passkeys: codes of an authenticator app, and recovery codes for when all is lost. */
export interface FactorStore {
  /** What is in force for a person. */
  kinds(userId: UserId): Promise<readonly FactorKind[]>;
  /** The app's; null where there is none; with `confirmedAt` null one was begun and guards nothing yet. */
  of(userId: UserId): Promise<{
    readonly secretSealed: string;
    readonly confirmedAt: Instant | null;
  } | null>;
  /** How many recovery codes are unused. */
  codesLeft(userId: UserId): Promise<number>;
  /** Begins one, or begins it anew; false when there is a confirmed one. */
  begin(userId: UserId, secretSealed: string, at: Instant): Promise<boolean>;
  /** Puts the begun one in force with fresh recovery codes; false when it is another by now. */
  confirm(
    confirmed: {
      readonly userId: UserId;
      readonly secretSealed: string;
      readonly step: number;
      readonly codeHashes: readonly string[];
      readonly at: Instant;
    },
    audit: AuditEntry,
  ): Promise<boolean>;
  /** Uses up the code of a step and all before; false when it was used. */
  spendStep(userId: UserId, step: number): Promise<boolean>;
  /** Uses up a recovery code; false when there is no such unused one. */
  spendCode(userId: UserId, hash: string, at: Instant, audit: AuditEntry): Promise<boolean>;
  /** Replaces every recovery code. */
  renewCodes(userId: UserId, hashes: readonly string[], audit: AuditEntry): Promise<void>;
  /** Ends the app's, with the recovery codes unless a passkey still needs them; false when there is none. */
  remove(userId: UserId, audit: AuditEntry): Promise<boolean>;
}

/** A person's passkey, as WebAuthn names its parts. */
export interface Passkey {
  readonly id: string;
  readonly userId: UserId;
  /** Base64url. */
  readonly credentialId: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** How often the authenticator says it was used; 0 for ever where it does not count. */
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly name: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
}
/** At most PASSKEYS_MAX a person; they go with the person. */
export interface PasskeyStore {
  /** A person's own, in the order in which they came. */
  of(userId: UserId): Promise<readonly Passkey[]>;
  /** The passkey of a living person, with the person. */
  byCredential(
    credentialId: string,
  ): Promise<{ readonly passkey: Passkey; readonly user: User } | null>;
  /**
   * Keeps one. `firstCodes` are hashes of recovery codes, for whoever has no second factor until
   * now, and null for who has: `other_way` when it is the other way by now.
   */
  add(
    passkey: Omit<Passkey, "lastUsedAt">,
    firstCodes: readonly string[] | null,
    audit: AuditEntry,
  ): Promise<"added" | "taken" | "full" | "other_way">;
  /** False when this person has no such passkey. */
  rename(userId: UserId, id: string, name: string, audit: AuditEntry): Promise<boolean>;
  /** Notes a use; false when the authenticator's count did not go up, or the passkey is gone. */
  use(id: string, signCount: number, at: Instant, audit: AuditEntry): Promise<boolean>;
  /** Ends one, with the recovery codes when no second factor is left; false when there is none. */
  remove(userId: UserId, id: string, audit: AuditEntry): Promise<boolean>;
}

/** Work of which one process at a time may do a part, by name (machine §9). */
export interface LeaseStore {
  /**
   * Takes or renews a lease until `untilAt`; false while another holder's time runs. A time that
   * lies further ahead than `untilAt` was written before the clock went back: it is cut to
   * `untilAt`, so that a dead holder blocks for one length of a lease and a live one renews.
   */
  take(name: string, holder: string, at: Instant, untilAt: Instant): Promise<boolean>;
  /** Gives a lease back; another's stays. */
  drop(name: string, holder: string): Promise<void>;
  /** Whose time runs at `at`, or null. */
  holder(name: string, at: Instant): Promise<string | null>;
}

/** How far something that is read in order was read, by name. */
export interface BookmarkStore {
  read(name: string): Promise<Instant | null>;
  /** Moves it forward; it never goes back. */
  move(name: string, at: Instant): Promise<void>;
}

/** Whose payments. */
export interface Scope {
  readonly merchantId: MerchantId;
  readonly environment: Environment;
}

/** Counts that the payments' own commits keep, and what else the dashboard's home asks. */
export interface InsightStore {
  /** The cells of one kind from one Nairobi day to another, both included, by day. */
  cells(scope: Scope, kind: RollupKind, from: number, to: number): Promise<readonly RollupCell[]>;
  /** The same with all days added up. */
  sums(scope: Scope, kind: RollupKind, from: number, to: number): Promise<readonly RollupCell[]>;
  /** The pages that payments of these Nairobi days came from, by the names they are kept under. */
  pages(scope: Scope, from: number, to: number): Promise<readonly string[]>;
  /** How many payments have a status now; counting stops a little above a thousand. */
  count(scope: Scope, status: PaymentStatus): Promise<number>;
  /** Payments with a flag that a person must see to, changed since `since`, newest first. */
  toSeeTo(scope: Scope, since: Instant, limit: number): Promise<readonly PaymentId[]>;
  /** Tries since `since` of the newest payments that were opened since `openedSince`. */
  recentTries(scope: Scope, since: Instant, openedSince: Instant): Promise<readonly RecentTry[]>;
}

export interface Store {
  readonly audit: AuditStore;
  readonly insight: InsightStore;
  readonly bookmarks: BookmarkStore;
  readonly payments: PaymentStore;
  readonly story: StoryStore;
  readonly erasure: ErasureStore;
  readonly ageing: AgeingStore;
  readonly inbox: InboxStore;
  readonly idempotency: IdempotencyStore;
  readonly merchants: MerchantStore;
  readonly brands: BrandStore;
  readonly limits: LimitStore;
  readonly people: PeopleStore;
  readonly factors: FactorStore;
  readonly passkeys: PasskeyStore;
  readonly views: ViewStore;
  readonly proposals: ProposalStore;
  readonly alerts: AlertStore;
  readonly leases: LeaseStore;
  /** True when a write and its fsync succeed: what /readyz asks. */
  writable(): Promise<boolean>;
  close(): Promise<void>;
}
