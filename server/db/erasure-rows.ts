/** Rows without a person's numbers: what an erasure by number and one by age write alike. */
import { type Phone, phoneTail } from "../../shared/phone.ts";
import { ERASED_TAIL, withoutPhone, withoutPhoneAtEnd, withoutPhones } from "../core/blanked.ts";
import type { Seal } from "../ports.ts";
import { type Params, run, type Statement, type Template } from "./engine.ts";
import {
  type AttemptRow,
  type Body,
  type CallRow,
  type NoteRow,
  type PaymentRow,
  writeAnswer,
  writeBody,
  writeNote,
  writeSent,
} from "./erasure-queries.ts";

/** Which numbers go, and how what holds them is opened and sealed again. */
export interface Blanking {
  readonly seal: Seal;
  readonly phones: readonly Phone[];
  /** Null for what does not open: it is left as it is. */
  readonly open: (sealed: string) => string | null;
}

/** The text without these numbers, in every spelling of them. */
export function blanked(text: string, { phones }: Blanking): string {
  return phones.reduce(withoutPhone, text);
}

/** The number that the shop named when opening goes; what else the shop wrote loses it. */
export function paymentWithout(row: PaymentRow, scene: Blanking): Params {
  const { phones } = scene;
  const named =
    row.phoneEnc !== null &&
    phones.some((phone) => phoneTail(phone) === row.phoneTail) &&
    phones.includes(scene.open(row.phoneEnc) as Phone);
  const blank = (text: string) => blanked(text, scene);
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
export function attemptWithout(row: AttemptRow, scene: Blanking): Params {
  const { seal } = scene;
  const tombstone = `erased ${row.id}`;
  const request = row.checkoutRequestEnc === null ? null : scene.open(row.checkoutRequestEnc);
  const { merchantRequestId } = row;
  return {
    id: row.id,
    phoneEnc: seal.seal(tombstone),
    phoneHash: seal.hash("phone", tombstone),
    phoneTail: ERASED_TAIL,
    phoneTailReversed: "",
    merchantRequestId: merchantRequestId === null ? null : blanked(merchantRequestId, scene),
    // At its end, as a late callback's own name will be read; wherever else it may stand, too.
    checkoutRequestEnc:
      request === null
        ? row.checkoutRequestEnc
        : seal.seal(blanked(withoutPhoneAtEnd(request), scene)),
  };
}

export function bodyWithout({ id, bodySealed }: Body, scene: Blanking): Statement[] {
  return resealed(writeBody, "bodySealed", { id, sealed: bodySealed }, scene);
}

/** Whose number it was is not known, so that all that read as one go. Throws when it does not open. */
export function bodyWithoutAny({ id, bodySealed }: Body, seal: Seal): Statement[] {
  const body = seal.open(bodySealed);
  const left = withoutPhones(body);
  return left === body ? [] : [run(writeBody, { id, bodySealed: seal.seal(left) })];
}

/** What we sent for the attempt, and what Daraja answered. */
export function callWithout(
  { id, sentSealed, answerSealed }: CallRow,
  scene: Blanking,
): Statement[] {
  const answered =
    answerSealed === null
      ? []
      : resealed(writeAnswer, "answerSealed", { id, sealed: answerSealed }, scene);
  return [...resealed(writeSent, "sentSealed", { id, sealed: sentSealed }, scene), ...answered];
}

export function noteWithout({ id, textSealed }: NoteRow, scene: Blanking): Statement[] {
  return resealed(writeNote, "textSealed", { id, sealed: textSealed }, scene);
}

function resealed(
  write: Template,
  column: string,
  { id, sealed }: { readonly id: string; readonly sealed: string },
  scene: Blanking,
): Statement[] {
  const text = scene.open(sealed);
  if (text === null) return [];
  const left = blanked(text, scene);
  return left === text ? [] : [run(write, { id, [column]: scene.seal.seal(left) })];
}

/** A write, unless it would change nothing. */
export function changed(write: Template, row: PaymentRow, left: Params): Statement[] {
  const before: Params = { ...row };
  const same = Object.entries(left).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(before[name]),
  );
  return same ? [] : [run(write, left)];
}
