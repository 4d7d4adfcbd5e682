/**
 * The contract: every request and answer of Lipia's HTTP surface as a zod schema, types inferred.
 * Browsers import this file as types only; the server parses with it.
 */
import { z } from "zod";
import { merchantView } from "./merchants-api.ts";
import { FACTOR_KINDS } from "./passkey-rules.ts";
import { actionView, attemptFacts, noteView, proposalView } from "./payment-actions-api.ts";
import { emailAddress, newPassword } from "./people-api.ts";
import { USER_ROLES } from "./permissions.ts";
import {
  AMOUNT_SOURCES,
  ATTEMPT_STATES,
  FLAGS,
  PAYMENT_STATUSES,
  REASONS,
  TIMELINE_KINDS,
} from "./words.ts";

/** Whole shillings, contract §4; the upper bound is a setting checked beside the merchant. */
export const AMOUNT_MIN_KES = 1;
export const AMOUNT_MAX_KES = 250_000;
export const EXPIRES_MIN_S = 300;
export const EXPIRES_MAX_S = 2_592_000;
export const EXPIRES_DEFAULT_S = 86_400;
export const LIST_LIMIT_MAX = 100;

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/** Two orders must not look alike: zero-width signs and fillers are refused, as are controls. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

const instant = z.iso.datetime();
const amount = z
  .int("amount must be a whole number of Kenyan shillings, for example 1250")
  .min(AMOUNT_MIN_KES, `amount must be at least ${AMOUNT_MIN_KES}`)
  .max(AMOUNT_MAX_KES, `amount must be at most ${AMOUNT_MAX_KES}`);
const orderReference = z
  .string()
  .min(1, "orderReference must not be empty")
  .max(64, "orderReference must be at most 64 characters")
  .regex(PRINTABLE, "orderReference must be printable characters")
  .refine((text) => !INVISIBLE.test(text), "orderReference must not hold invisible characters")
  .refine((text) => text.trim() === text, "orderReference must not begin or end with a space");
const accountReference = z
  .string()
  .regex(/^[A-Z0-9]{1,12}$/, "accountReference must be 1 to 12 of A–Z and 0–9");
const webAddress = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .max(2048);
/** Normalised by the route with shared/phone.ts, which gives the field error. */
const phoneNumber = z.string("phoneNumber must be text, for example 0712345678").max(40);
const metadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= 20, "metadata holds at most 20 entries");

export const openPaymentRequest = z.strictObject({
  amount,
  orderReference,
  accountReference: accountReference.optional(),
  description: z.string().max(200).optional(),
  metadata: metadata.optional(),
  phoneNumber: phoneNumber.optional(),
  expiresInSeconds: z.int().min(EXPIRES_MIN_S).max(EXPIRES_MAX_S).optional(),
  successUrl: webAddress.optional(),
  cancelUrl: webAddress.optional(),
});
export type OpenPaymentRequest = z.infer<typeof openPaymentRequest>;

export const promptRequest = z.strictObject({ phoneNumber });
export type PromptRequest = z.infer<typeof promptRequest>;

/** The customer's page may leave the number out where the shop named one beforehand. */
export const checkoutPromptRequest = z.strictObject({ phoneNumber: phoneNumber.optional() });

/** The code from M-Pesa's SMS, or the SMS as it was pasted (machine §8.4). */
export const checkoutCodeRequest = z.strictObject({
  code: z.string().min(1, "enter the code from the SMS").max(600, "paste one SMS only"),
});

/** The seed route keeps loose objects: existing carts send extra fields (contract §4). */
export const stkPushRequest = z.object({
  phoneNumber: z.union([phoneNumber, z.number().int()]),
  amount: z.number().positive("amount must be more than 0").max(AMOUNT_MAX_KES),
  accountReference: z.string().min(1).max(64).optional(),
  orderId: z.union([orderReference, z.number().int()]),
});
export type StkPushRequest = z.infer<typeof stkPushRequest>;

export const stkPushAnswer = z.object({
  checkoutRequestId: z.string(),
  message: z.string(),
  paymentId: z.string(),
  amount: z.int(),
});
export type StkPushAnswer = z.infer<typeof stkPushAnswer>;

export const listPaymentsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(25),
  startingAfter: z.string().max(64).optional(),
  status: z.enum(PAYMENT_STATUSES).optional(),
  orderReference: z.string().max(64).optional(),
  q: z.string().trim().max(64).optional(),
  createdFrom: instant.optional(),
  createdTo: instant.optional(),
});
export type ListPaymentsQuery = z.infer<typeof listPaymentsQuery>;

export const attemptObject = z.object({
  id: z.string(),
  state: z.enum(ATTEMPT_STATES),
  phoneNumber: z.string(),
  resultCode: z.string().nullable(),
  resultDescription: z.string().nullable(),
  reason: z.enum(REASONS).nullable(),
  receipt: z.string().nullable(),
  createdAt: instant,
  resolvedAt: instant.nullable(),
});
export type AttemptObject = z.infer<typeof attemptObject>;

export const paymentObject = z.object({
  id: z.string(),
  object: z.literal("payment"),
  livemode: z.boolean(),
  amount: z.int(),
  currency: z.literal("KES"),
  amountSource: z.enum(AMOUNT_SOURCES),
  orderReference: z.string(),
  accountReference: z.string(),
  description: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  status: z.enum(PAYMENT_STATUSES),
  receipt: z.string().nullable(),
  paidAt: instant.nullable(),
  phoneNumber: z.string().nullable(),
  flags: z.array(z.enum(FLAGS)),
  attempts: z.array(attemptObject),
  version: z.int(),
  closed: z.boolean(),
  retryAt: instant.nullable(),
  nextLookAt: instant.nullable(),
  createdAt: instant,
  expiresAt: instant,
  checkoutUrl: z.string(),
  checkoutToken: z.string(),
});
export type PaymentObject = z.infer<typeof paymentObject>;

export const paymentList = z.object({ data: z.array(paymentObject), hasMore: z.boolean() });
export type PaymentList = z.infer<typeof paymentList>;

export const ERROR_TYPES = [
  "invalid_request",
  "authentication",
  "permission",
  "not_found",
  "conflict",
  "rate_limited",
  "provider",
  "internal",
] as const;

export const errorObject = z.object({
  error: z.object({
    type: z.enum(ERROR_TYPES),
    code: z.string(),
    message: z.string(),
    param: z.string().optional(),
    requestId: z.string(),
    provider: z.object({ code: z.string(), message: z.string() }).optional(),
    paymentId: z.string().optional(),
    status: z.enum(PAYMENT_STATUSES).optional(),
    /** With `not_allowed`: whose role may do it. */
    roles: z.array(z.enum(USER_ROLES)).optional(),
    /** With `code_wanted` and `step_up_needed`: the person's second factors. */
    factors: z.array(z.enum(FACTOR_KINDS)).optional(),
  }),
});
export type ErrorObject = z.infer<typeof errorObject>;

/* The checkout page and frame: what a browser with a checkout token may know and do. */

export const checkoutView = z.object({
  id: z.string(),
  version: z.int(),
  livemode: z.boolean(),
  /** True when no real M-Pesa stands behind it; the page then points at the handset. */
  simulated: z.boolean(),
  merchantName: z.string(),
  /** The merchant's own colour, `#rrggbb`, and where its logo is served. */
  accent: z.string().nullable(),
  logo: z.string().nullable(),
  amount: z.int(),
  orderReference: z.string(),
  accountReference: z.string(),
  description: z.string().nullable(),
  status: z.enum(PAYMENT_STATUSES),
  closed: z.boolean(),
  /** Why the last attempt did not pay; null when none failed. */
  reason: z.enum(REASONS).nullable(),
  receipt: z.string().nullable(),
  paidAt: instant.nullable(),
  /** Masked number of the last attempt, or the one the shop named beforehand. */
  phoneNumber: z.string().nullable(),
  /** True while the first prompt may be asked for without typing: the shop named the number. */
  phoneKnown: z.boolean(),
  /** When the running attempt's prompt was sent; the waiting clock counts from here. */
  promptedAt: instant.nullable(),
  /** When a new prompt is allowed again, if that is not now. */
  retryAt: instant.nullable(),
  /** True once the customer told the code from M-Pesa's SMS for what is now unresolved. */
  codeTold: z.boolean(),
  /** What to say, in both languages, while M-Pesa itself is in trouble. */
  mpesaNotice: z.object({ en: z.string(), sw: z.string() }).optional(),
  expiresAt: instant,
  successUrl: z.string().nullable(),
  cancelUrl: z.string().nullable(),
  /** The server's clock when this was read, so that a wrong phone clock does no harm. */
  now: instant,
});
export type CheckoutView = z.infer<typeof checkoutView>;

/* The dashboard: session cookie, same origin. */

export const signInRequest = z.strictObject({
  email: z.string().trim().toLowerCase().min(3, "enter your e-mail address").max(254),
  password: z.string().min(1, "enter your password").max(256),
  /** Where the person has a second factor: the answer `code_wanted` asks for it. */
  code: z.string().trim().min(1, "enter the code").max(64).optional(),
});
export const setUpRequest = z.strictObject({
  token: z.string().min(1).max(128),
  email: emailAddress,
  password: newPassword,
});
export const sessionView = z.object({
  user: z.object({ email: z.string(), role: z.enum(USER_ROLES) }),
  environment: z.enum(["simulator", "sandbox", "production"]),
  merchantName: z.string(),
  /** Every merchant here, the default one first. */
  merchants: z.array(merchantView),
});
export type SessionView = z.infer<typeof sessionView>;

/** A payment as the dashboard may see it: no token, no address that opens the checkout. */
export const dashboardPayment = paymentObject
  .omit({ checkoutUrl: true, checkoutToken: true })
  .extend({ merchantId: z.string() });
export type DashboardPayment = z.infer<typeof dashboardPayment>;

export const dashboardList = z.object({ data: z.array(dashboardPayment), hasMore: z.boolean() });
export type DashboardList = z.infer<typeof dashboardList>;

export const timelineEntry = z.object({
  id: z.string(),
  at: instant,
  kind: z.enum(TIMELINE_KINDS),
  attemptId: z.string().nullable(),
  /** State of the attempt before and after; equal or null when the attempt did not move. */
  from: z.enum(ATTEMPT_STATES).nullable(),
  to: z.enum(ATTEMPT_STATES).nullable(),
  /** Status of the payment after this entry. */
  status: z.enum(PAYMENT_STATUSES),
  /** Facts in plain text: codes, descriptions, receipts. Never a phone number, secret or token. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type TimelineEntryView = z.infer<typeof timelineEntry>;

export const dashboardPaymentDetail = z.object({
  payment: dashboardPayment,
  /** One for each attempt of the payment, in the same order. */
  attempts: z.array(attemptFacts),
  timeline: z.array(timelineEntry),
  notes: z.array(noteView),
  /** Every action, as the machine answers for the rows above. */
  actions: z.array(actionView),
  /** What waits for a second person, or null. */
  proposal: proposalView.nullable(),
  /** From this many shillings confirming and reversing by hand need one; null: never. */
  twoPersonFrom: z.int().nullable(),
});
export type DashboardPaymentDetail = z.infer<typeof dashboardPaymentDetail>;

/** What asking now came to: `later` when M-Pesa's pace or a slow answer has to pass first. */
export const askAnswer = z.object({
  asked: z.enum(["asked", "later"]),
  detail: dashboardPaymentDetail,
});
export type AskAnswer = z.infer<typeof askAnswer>;

/** Every route with its method and who may call it; tidy.test.ts checks that each is served. */
export const ROUTES = {
  openPayment: "POST /v1/payments",
  listPayments: "GET /v1/payments",
  getPayment: "GET /v1/payments/:id",
  promptPayment: "POST /v1/payments/:id/prompt",
  cancelPayment: "POST /v1/payments/:id/cancel",
  stkPush: "POST /api/mpesa/stk-push",
  legacyCallback: "POST /api/mpesa/callback",
  checkoutRead: "GET /checkout/v1/payment",
  checkoutPrompt: "POST /checkout/v1/prompt",
  checkoutCode: "POST /checkout/v1/code",
  dashboardSession: "GET /dashboard/api/session",
  dashboardSignIn: "POST /dashboard/api/sign-in",
  dashboardSignOut: "POST /dashboard/api/sign-out",
  dashboardSetUp: "POST /dashboard/api/set-up",
  dashboardStepUp: "POST /dashboard/api/step-up",
  dashboardSecurity: "GET /dashboard/api/security",
  dashboardFactorBegin: "POST /dashboard/api/security/second-factor",
  dashboardFactorConfirm: "POST /dashboard/api/security/second-factor/confirm",
  dashboardFactorOff: "POST /dashboard/api/security/second-factor/off",
  dashboardRecoveryCodes: "POST /dashboard/api/security/recovery-codes",
  dashboardPasskeyAsk: "POST /dashboard/api/sign-in/passkey/begin",
  dashboardPasskeySignIn: "POST /dashboard/api/sign-in/passkey",
  dashboardPasskeyStepUp: "POST /dashboard/api/step-up/passkey",
  dashboardPasskeyBegin: "POST /dashboard/api/security/passkeys/begin",
  dashboardPasskeyAdd: "POST /dashboard/api/security/passkeys",
  dashboardPasskeyName: "POST /dashboard/api/security/passkeys/:id/name",
  dashboardPasskeyRemove: "POST /dashboard/api/security/passkeys/:id/remove",
  dashboardAudit: "GET /dashboard/api/audit",
  dashboardAuditVerify: "GET /dashboard/api/audit/verify",
  dashboardSettings: "GET /dashboard/api/settings",
  dashboardOrigins: "POST /dashboard/api/settings/origins",
  dashboardNewKey: "POST /dashboard/api/settings/keys",
  dashboardRevokeKey: "POST /dashboard/api/settings/keys/:id/revoke",
  logo: "GET /logo/:hash",
  dashboardBrand: "GET /dashboard/api/settings/brand",
  dashboardChangeBrand: "POST /dashboard/api/settings/brand",
  dashboardMerchants: "GET /dashboard/api/merchants",
  dashboardAddMerchant: "POST /dashboard/api/merchants",
  dashboardMerchantCredentials: "POST /dashboard/api/merchants/:id/credentials",
  dashboardPauseMerchant: "POST /dashboard/api/merchants/:id/pause",
  dashboardPeople: "GET /dashboard/api/people",
  dashboardPersonRole: "POST /dashboard/api/people/:id/role",
  dashboardRemovePerson: "POST /dashboard/api/people/:id/remove",
  dashboardSignPersonOut: "POST /dashboard/api/people/:id/sign-out",
  dashboardInvite: "POST /dashboard/api/invitations",
  dashboardRevokeInvitation: "POST /dashboard/api/invitations/:id/revoke",
  dashboardReadInvitation: "POST /dashboard/api/join/read",
  dashboardJoin: "POST /dashboard/api/join",
  dashboardSessions: "GET /dashboard/api/sessions",
  dashboardEndSession: "POST /dashboard/api/sessions/:id/end",
  dashboardEndOtherSessions: "POST /dashboard/api/sessions/end-others",
  dashboardPassword: "POST /dashboard/api/password",
  dashboardGoLive: "GET /dashboard/api/go-live",
  dashboardTryCallback: "POST /dashboard/api/go-live/callback",
  dashboardTryCredentials: "POST /dashboard/api/go-live/credentials",
  dashboardLimits: "GET /dashboard/api/settings/limits",
  dashboardChangeLimits: "POST /dashboard/api/settings/limits",
  dashboardMailAlerts: "GET /dashboard/api/alerts/mail",
  dashboardChooseMailAlerts: "POST /dashboard/api/alerts/mail",
  dashboardTestMail: "POST /dashboard/api/alerts/mail/test",
  dashboardErase: "POST /dashboard/api/privacy/erase",
  dashboardRetention: "GET /dashboard/api/privacy/retention",
  dashboardRetentionCount: "GET /dashboard/api/privacy/retention/count",
  dashboardChangeRetention: "POST /dashboard/api/privacy/retention",
  dashboardHome: "GET /dashboard/api/insight/home",
  dashboardFailures: "GET /dashboard/api/insight/failures",
  dashboardPayments: "GET /dashboard/api/payments",
  dashboardTotals: "GET /dashboard/api/payments/totals",
  dashboardSearch: "POST /dashboard/api/payments/search",
  dashboardSearchTotals: "POST /dashboard/api/payments/search/totals",
  dashboardSearchExport: "POST /dashboard/api/payments/search/export",
  dashboardExport: "GET /dashboard/api/payments/export",
  dashboardExportNumbers: "POST /dashboard/api/payments/export-numbers",
  dashboardViews: "GET /dashboard/api/views",
  dashboardSaveView: "POST /dashboard/api/views",
  dashboardDeleteView: "POST /dashboard/api/views/:id/delete",
  dashboardPayment: "GET /dashboard/api/payments/:id",
  dashboardAsk: "POST /dashboard/api/payments/:id/ask",
  dashboardPrompt: "POST /dashboard/api/payments/:id/prompt",
  dashboardConfirm: "POST /dashboard/api/payments/:id/confirm",
  dashboardFail: "POST /dashboard/api/payments/:id/fail",
  dashboardReverse: "POST /dashboard/api/payments/:id/reverse",
  dashboardApprove: "POST /dashboard/api/payments/:id/approve",
  dashboardDecline: "POST /dashboard/api/payments/:id/decline",
  dashboardTwoPerson: "GET /dashboard/api/settings/two-person",
  dashboardSetTwoPerson: "POST /dashboard/api/settings/two-person",
  dashboardNote: "POST /dashboard/api/payments/:id/notes",
  dashboardMessages: "GET /dashboard/api/payments/:id/messages",
  dashboardEvidence: "GET /dashboard/api/payments/:id/evidence",
} as const;
export type RouteName = keyof typeof ROUTES;
/** The routes behind the dashboard's guard. */
export type DashboardRoute = Extract<RouteName, `dashboard${string}`>;
