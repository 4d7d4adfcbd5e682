/**
 * Erasing a number, which a person may ask for: each batch is one transaction
 * that leaves whole rows, so whatever a crash leaves is found and done by running again. What
 * moves money is not touched: states, amounts, receipts, times, evidence, hashes to look up by.
 * This is the one exception to I6: the phone of a settled attempt does not change into another,
 * it goes. No version grows, since nothing moved (I17).
 */
import { type Phone, phoneTail } from "../../shared/phone.ts";
import { ERASED_TAIL, withoutPhone, withoutPhoneAtEnd } from "../core/blanked.ts";
import type { ErasedBatch, ErasureCount, ErasureRoom, ErasureStore, Seal } from "../ports.ts";
import { type Engine, must, type Params, run, type Statement, type Template } from "./engine.ts";
import {
  ATTEMPTS_READ,
  type AttemptRow,
  type Body,
  NOTES_READ,
  ORPHANS_READ,
  openAttempts,
  PAYMENTS_READ,
  type PaymentRow,
  readAttempts,
  readBodies,
  readCalls,
  readNotes,
  readOrphans,
  readPayments,
  waitingAttempts,
  writeAnswer,
  writeAttempt,
  writeBody,
  writeNote,
  writePayment,
  writeSent,
} from "./erasure-queries.ts";

/** @param seal opens and seals what holds the number, and finds the attempts on it. */
export function createErasureStore(engine: Engine, seal: Seal): ErasureStore {
  const rooms: Readonly<Record<ErasureRoom, Room>> = {
    payments: paymentRoom,
    notes: noteRoom,
    orphans: orphanRoom,
    attempts: attemptRoom,
  };
  return {
    async unsettled(phone) {
      const hash = seal.hash("phone", phone);
      const open = await engine.read(openAttempts, { hash });
      const waiting = await engine.read(waitingAttempts, { hash });
      return new Set([...open, ...waiting].map(({ id }) => id)).size;
    },
    async blank(room, phone, from) {
      const batch = await rooms[room]({ engine, seal, phone }, from);
      if (batch.statements.length > 0) {
        const written = await engine.commit(batch.statements);
        if (!written.ok) return { kind: "unsettled" };
      }
      return { kind: "blanked", next: batch.next, counts: batch.counts };
    },
  };
}

interface Scene {
  readonly engine: Engine;
  readonly seal: Seal;
  readonly phone: Phone;
}
interface Batch {
  readonly statements: readonly Statement[];
  readonly next: string | null;
  readonly counts: Extract<ErasedBatch, { kind: "blanked" }>["counts"];
}
type Room = (scene: Scene, from: string) => Promise<Batch>;

const paymentRoom: Room = async (scene, from) => {
  const rows = await scene.engine.read(readPayments, { after: from });
  const written = rows.flatMap((row) => changed(writePayment, row, paymentWithout(row, scene)));
  const holds = (text: string) => withoutPhone(text, scene.phone) !== text;
  const references = rows.filter(
    ({ orderReference, accountReference }) => holds(orderReference) || holds(accountReference),
  ).length;
  return batchOf(rows, PAYMENTS_READ, written, { payments: written.length, references });
};

const noteRoom: Room = async ({ engine, seal, phone }, from) => {
  const rows = await engine.read(readNotes, { after: from });
  const written = rows.flatMap(({ id, textSealed }) =>
    resealed(writeNote, "textSealed", { id, sealed: textSealed }, { seal, phone }),
  );
  return batchOf(rows, NOTES_READ, written, { notes: written.length });
};

const orphanRoom: Room = async (scene, from) => {
  const rows = await scene.engine.read(readOrphans, { after: from });
  const written = rows.flatMap((row) => bodyWithout(row, scene));
  return batchOf(rows, ORPHANS_READ, written, { callbacks: written.length });
};

/** An attempt loses its number together with its messages: it is how they are found. */
const attemptRoom: Room = async (scene, from) => {
  const { engine, seal } = scene;
  const hash = seal.hash("phone", scene.phone);
  const rows = await engine.read(readAttempts, { hash, after: from });
  const bodies = await Promise.all(
    rows.map(({ id }) => engine.read(readBodies, { attemptId: id })),
  );
  const callbacks = bodies.flat().flatMap((row) => bodyWithout(row, scene));
  const calls = await Promise.all(rows.map(({ id }) => engine.read(readCalls, { attemptId: id })));
  const said = calls
    .flat()
    .flatMap(({ id, sentSealed, answerSealed }) => [
      ...resealed(writeSent, "sentSealed", { id, sealed: sentSealed }, scene),
      ...(answerSealed === null
        ? []
        : resealed(writeAnswer, "answerSealed", { id, sealed: answerSealed }, scene)),
    ]);
  const attempts = rows.map((row) =>
    must("version", run(writeAttempt, attemptWithout(row, scene))),
  );
  const counts = { attempts: attempts.length, callbacks: callbacks.length };
  return batchOf(rows, ATTEMPTS_READ, [...attempts, ...callbacks, ...said], counts);
};

function batchOf(
  rows: readonly { readonly id: string }[],
  readMax: number,
  statements: readonly Statement[],
  counts: Readonly<Partial<Record<ErasureCount, number>>>,
): Batch {
  return { statements, counts, next: rows.length < readMax ? null : (rows.at(-1)?.id ?? null) };
}

/** The number that the shop named when opening goes; what else the shop wrote loses it. */
function paymentWithout(row: PaymentRow, { seal, phone }: Scene): Params {
  const named =
    row.phoneEnc !== null &&
    row.phoneTail === phoneTail(phone) &&
    seal.open(row.phoneEnc) === phone;
  const blank = (text: string) => withoutPhone(text, phone);
  const blankOrNull = (text: string | null) => (text === null ? null : blank(text));
  const metadata = Object.entries(row.metadata).map(([name, value]) => [blank(name), blank(value)]);
  return {
    id: row.id,
    phoneEnc: named ? null : row.phoneEnc,
    phoneTail: named ? null : row.phoneTail,
    description: blankOrNull(row.description),
    metadata: Object.fromEntries(metadata),
    successUrl: blankOrNull(row.successUrl),
    cancelUrl: blankOrNull(row.cancelUrl),
  };
}

/** No number has this hash, and no two attempts share it: what one person did is not linked by it. */
function attemptWithout(row: AttemptRow, { seal, phone }: Scene): Params {
  const tombstone = `erased ${row.id}`;
  const request = row.checkoutRequestEnc === null ? null : seal.open(row.checkoutRequestEnc);
  const { merchantRequestId } = row;
  return {
    id: row.id,
    phoneEnc: seal.seal(tombstone),
    phoneHash: seal.hash("phone", tombstone),
    phoneTail: ERASED_TAIL,
    phoneTailReversed: "",
    merchantRequestId: merchantRequestId === null ? null : withoutPhone(merchantRequestId, phone),
    checkoutRequestEnc: request === null ? null : seal.seal(requestWithout(request, phone)),
  };
}

/** At its end, as a late callback's own name will be read; wherever else it may stand, too. */
function requestWithout(request: string, phone: Phone): string {
  return withoutPhone(withoutPhoneAtEnd(request), phone);
}

function bodyWithout({ id, bodySealed }: Body, scene: Scene): Statement[] {
  return resealed(writeBody, "bodySealed", { id, sealed: bodySealed }, scene);
}

function resealed(
  write: Template,
  column: string,
  { id, sealed }: { readonly id: string; readonly sealed: string },
  { seal, phone }: Pick<Scene, "seal" | "phone">,
): Statement[] {
  const text = seal.open(sealed);
  const left = withoutPhone(text, phone);
  return left === text ? [] : [run(write, { id, [column]: seal.seal(left) })];
}

/** A write, unless it would change nothing. */
function changed(write: Template, row: PaymentRow, left: Params): Statement[] {
  const before: Params = { ...row };
  const same = Object.entries(left).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(before[name]),
  );
  return same ? [] : [run(write, left)];
}
