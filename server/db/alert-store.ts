/** Alerts by e-mail: choices, what people were told, and mails on their way. */
import { and, eq, inArray } from "drizzle-orm";
import { MAIL_KINDS } from "../../shared/alert-words.ts";
import type { UserId } from "../core/payment.ts";
import type { AlertStore, MailFailure } from "../ports.ts";
import {
  claimMail,
  dropMails,
  dropMatters,
  dueMails,
  forgetMatters,
  insertMail,
  insertMatter,
  lastGivenUp,
  living,
  markFailed,
  markTaken,
  mattersOfMail,
  mayMail,
  noteWorked,
  openFailure,
  peopleWaiting,
  putChoice,
  REMOVALS,
  readChoice,
  readReaders,
  tellByMail,
} from "./alert-queries.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Statement } from "./engine.ts";
import type { Tables } from "./tables.ts";

/** Part of a person's removal. */
export function deleteAlertsOf(userId: UserId): readonly Statement[] {
  return REMOVALS.map((template) => run(template, { userId }));
}

export function createAlertStore(engine: Engine, chain: AuditChain): AlertStore {
  return {
    ...mailsOf(engine),
    async choiceOf(userId) {
      const [row] = await engine.read(readChoice, { userId });
      return row === undefined ? null : { kinds: row.kinds, locale: row.locale };
    },
    async choose(userId, { kinds, locale }, audit) {
      const unwanted = MAIL_KINDS.filter((kind) => !kinds.includes(kind));
      const steps = [
        must("owner", run(living, { userId })),
        run(putChoice, { id: userId, kinds, locale, workedAt: null }),
        ...unwanted.map((kind) => run(forgetMatters, { userId, kind })),
      ];
      return (await chain.commit(steps, audit)).ok;
    },
    readers: () => engine.read(readReaders, {}),
    async raise(userId, matters, at) {
      const fresh = await untold(engine, userId, matters);
      if (fresh.length === 0) return 0;
      const rows = fresh.map(({ key, kind, merchantId, payment, fault }) => {
        const paymentId = payment?.id ?? null;
        return { userId, key, kind, merchantId, paymentId, fault, raisedAt: at, mailId: null };
      });
      await engine.commit(rows.map((row) => run(insertMatter, row)));
      return fresh.length;
    },
    async waiting() {
      return (await engine.read(peopleWaiting, {})).map(({ userId }) => userId);
    },
    async gather(userId, id, at, since) {
      const mail = { id, userId, createdAt: at, tries: 0, nextTryAt: at, sentAt: null };
      const made = await engine.commit([
        must("version", run(mayMail, { userId, since })),
        must("unique", run(insertMail, { ...mail, givenUpAt: null, fault: null, said: null })),
        must("version", run(tellByMail, { userId, mailId: id })),
      ]);
      return made.ok ? "made" : null;
    },
    async noteWorked(userId, at) {
      await engine.commit([run(noteWorked, { userId, workedAt: at })]);
    },
    async dropOlderThan(before) {
      await engine.commit([run(dropMatters, { before }), run(dropMails, { before })]);
    },
  };
}

/** Nearly always nothing is new, and then nothing is written. */
async function untold<M extends { readonly key: string }>(
  { db, t }: Engine,
  userId: UserId,
  matters: readonly M[],
): Promise<readonly M[]> {
  if (matters.length === 0) return [];
  const keys = matters.map(({ key }) => key);
  const told = await db
    .select({ key: t.alertMatters.key })
    .from(t.alertMatters)
    .where(and(eq(t.alertMatters.userId, userId), inArray(t.alertMatters.key, keys)));
  return matters.filter(({ key }) => !told.some((row) => row.key === key));
}

type Mails = "dueMails" | "claimMail" | "markTaken" | "markFailed" | "trouble";

function mailsOf(engine: Engine): Pick<AlertStore, Mails> {
  return {
    async dueMails(at, limit) {
      const rows = await engine.read(dueMails, { at, limit });
      return Promise.all(
        rows.map(async (row) => ({
          ...row,
          matters: await engine.read(mattersOfMail, { mailId: row.id }),
        })),
      );
    },
    async claimMail(id, tries, nextTryAt) {
      return (await engine.commit([must("version", run(claimMail, { id, tries, nextTryAt }))])).ok;
    },
    async markTaken(id, userId, at) {
      await engine.commit([
        run(markTaken, { id, sentAt: at, fault: null, said: null }),
        run(noteWorked, { userId, workedAt: at }),
      ]);
    },
    async markFailed(id, failure, givenUpAt) {
      await engine.commit([run(markFailed, { id, ...failure, givenUpAt })]);
    },
    async trouble(userId) {
      const [choice] = await engine.read(readChoice, { userId });
      const [open] = await engine.read(openFailure, { userId });
      const after = choice?.workedAt ?? 0;
      const [lost] = await engine.read(lastGivenUp, { userId, after });
      const givenUp = lost === undefined ? null : failureOf(lost, lost.givenUpAt);
      return {
        waiting: open === undefined ? null : failureOf(open, open.nextTryAt),
        givenUp: givenUp === null ? null : { ...givenUp, matters: lost?.matters ?? 0 },
      };
    },
  };
}

/** Null where the mail did not fail yet. */
function failureOf(
  { fault, said, createdAt }: Tables["alertMails"]["$inferSelect"],
  at: number | null,
): MailFailure | null {
  return fault === null || at === null ? null : { fault, said: said ?? "", createdAt, at };
}
