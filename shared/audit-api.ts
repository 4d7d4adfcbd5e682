/** The contract of the audit log's page. */
import { z } from "zod";
import { AUDIT_ACTIONS, AUDIT_FAULTS } from "./audit-words.ts";

const AUDIT_PAGE_MAX = 100;

export const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(AUDIT_PAGE_MAX).default(50),
  /** Only rows older than this number. */
  before: z.coerce.number().int().min(1).optional(),
  /** A person's id, `system` or `command`. */
  actor: z.string().min(1).max(64).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
});

/** `name` is the e-mail address of a person, also of one who was removed since; else null. */
const somebody = z.object({ id: z.string(), name: z.string().nullable() });

export const auditRow = z.object({
  number: z.int(),
  at: z.iso.datetime(),
  actor: somebody,
  action: z.enum(AUDIT_ACTIONS),
  target: somebody.nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  hash: z.string(),
});
export type AuditRowView = z.infer<typeof auditRow>;

export const auditList = z.object({
  data: z.array(auditRow),
  hasMore: z.boolean(),
  /** Everybody who ever could sign in: whom the list may be filtered by. */
  people: z.array(somebody),
});
export type AuditList = z.infer<typeof auditList>;

export const auditVerifyQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
});

/** One step of the walk; the next begins `after` what this one reached, until that is `total`. */
export const auditStep = z.object({
  checkedTo: z.int(),
  total: z.int(),
  broken: z.object({ row: z.int(), fault: z.enum(AUDIT_FAULTS) }).nullable(),
  /** The newest row's hash, to note elsewhere. */
  newestHash: z.string(),
});
export type AuditStep = z.infer<typeof auditStep>;
