/**
 * Erasing a number, which a person may ask for: each batch is one transaction
 * that leaves whole rows, so whatever a crash leaves is found and done by running again. What
 * moves money is not touched: states, amounts, receipts, times, evidence, hashes to look up by.
 * This is the one exception to I6: the phone of a settled attempt does not change into another,
 * it goes. No version grows, since nothing moved (I17).
 */
import type { Phone } from "../../shared/phone.ts";
import type { ErasedBatch, ErasureCount, ErasureRoom, ErasureStore, Seal } from "../ports.ts";
import { type Engine, must, run, type Statement } from "./engine.ts";
import {
  ATTEMPTS_READ,
  NOTES_READ,
  ORPHANS_READ,
  openAttempts,
  PAYMENTS_READ,
  readAttempts,
  readBodies,
  readCalls,
  readNotes,
  readOrphans,
  readPayments,
  waitingAttempts,
  writeAttempt,
  writePayment,
} from "./erasure-queries.ts";
import {
  attemptWithout,
  type Blanking,
  blanked,
  bodyWithout,
  callWithout,
  changed,
  noteWithout,
  paymentWithout,
} from "./erasure-rows.ts";
import { storyWithout } from "./erasure-story.ts";

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
      let unopened = 0;
      const open = (sealed: string) => {
        try {
          return seal.open(sealed);
        } catch {
          unopened += 1;
          return null;
        }
      };
      const batch = await rooms[room]({ engine, seal, phone, phones: [phone], open }, from);
      if (batch.statements.length > 0) {
        const written = await engine.commit(batch.statements);
        if (!written.ok) return { kind: "unsettled" };
      }
      return { kind: "blanked", next: batch.next, counts: { ...batch.counts, unopened } };
    },
  };
}

interface Scene extends Blanking {
  readonly engine: Engine;
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
  const holds = (text: string) => blanked(text, scene) !== text;
  const references = rows.filter(
    ({ orderReference, accountReference }) => holds(orderReference) || holds(accountReference),
  ).length;
  return batchOf(rows, PAYMENTS_READ, written, { payments: written.length, references });
};

const noteRoom: Room = async (scene, from) => {
  const rows = await scene.engine.read(readNotes, { after: from });
  const written = rows.flatMap((row) => noteWithout(row, scene));
  return batchOf(rows, NOTES_READ, written, { notes: written.length });
};

const orphanRoom: Room = async (scene, from) => {
  const rows = await scene.engine.read(readOrphans, { after: from });
  const written = rows.flatMap((row) => bodyWithout(row, scene));
  return batchOf(rows, ORPHANS_READ, written, { callbacks: written.length });
};

/** An attempt loses its number together with its messages and its story: it is how they are found. */
const attemptRoom: Room = async (scene, from) => {
  const { engine, seal } = scene;
  const hash = seal.hash("phone", scene.phone);
  const rows = await engine.read(readAttempts, { hash, after: from });
  const bodies = await Promise.all(
    rows.map(({ id }) => engine.read(readBodies, { attemptId: id })),
  );
  const callbacks = bodies.flat().flatMap((row) => bodyWithout(row, scene));
  const calls = await Promise.all(rows.map(({ id }) => engine.read(readCalls, { attemptId: id })));
  const said = calls.flat().flatMap((row) => callWithout(row, scene));
  const attempts = rows.map((row) =>
    must("version", run(writeAttempt, attemptWithout(row, scene))),
  );
  const story = await storyWithout(engine, rows, scene);
  const counts = { attempts: attempts.length, callbacks: callbacks.length };
  return batchOf(rows, ATTEMPTS_READ, [...attempts, ...callbacks, ...said, ...story], counts);
};

function batchOf(
  rows: readonly { readonly id: string }[],
  readMax: number,
  statements: readonly Statement[],
  counts: Readonly<Partial<Record<ErasureCount, number>>>,
): Batch {
  return { statements, counts, next: rows.length < readMax ? null : (rows.at(-1)?.id ?? null) };
}
