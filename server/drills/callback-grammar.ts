/**
 * Callbacks that nobody asked for: well-formed ones, ones whose values are of the wrong kind, and
 * recorded ones with bytes changed. What each means is not said here but read back from its text
 * by callback-oracle.ts.
 */
import { darajaTimestamp } from "../../shared/nairobi.ts";
import { bodyOf, samplesOf } from "../daraja/samples.ts";
import { byteMutation, textMutation } from "./callback-mutations.ts";
import type { Push } from "./counting-daraja.ts";
import type { Dice } from "./dice.ts";

/** What the grammar may put into a body. */
export interface GrammarScene {
  readonly push: Push;
  /** The receipt of this attempt, should it be paid. */
  readonly receipt: string;
  /** A receipt never used before. */
  readonly freshReceipt: () => string;
  /** A push of another attempt, and a receipt that another attempt owns; null while there is none. */
  readonly otherPush: Push | null;
  readonly usedReceipt: string | null;
}

const FAILURES = [1, 1032, 1037, 1019, 2001, 17, 26, 1025, 9999, "1032", "SFC_IC0003", 8006];
const DOUBTS = [1036, "E3008", "BW-JMS-100039", 100000001, 7, "0x0", "zero", 4999, -1, 0.5, 1e300];
/** What is not success, however much it looks like it (machine §1). */
const NEARLY_ZERO = [
  "00",
  "0 ",
  " 0",
  "",
  null,
  [],
  [0],
  ["0"],
  false,
  {},
  "0.0",
  "+0",
  "０",
  true,
];
const SAMPLES = samplesOf("callback").map(bodyOf);

/** One body, as text or bytes. */
export function callbackOf(dice: Dice, scene: GrammarScene): Buffer {
  const text = dice.chance(0.08) ? dice.pick(SAMPLES) : JSON.stringify(tree(dice, scene));
  const odd = dice.chance(0.35) ? textMutation(dice, text) : text;
  const bytes = Buffer.from(odd);
  return dice.chance(0.05) ? byteMutation(dice, bytes) : bytes;
}

function tree(dice: Dice, scene: GrammarScene): unknown {
  const callback = dice.chance(0.55) ? paid(dice, scene) : unpaid(dice, scene);
  const wrong = dice.chance(0.3) ? wrongValue(dice, callback) : callback;
  if (dice.chance(0.93)) return { Body: { stkCallback: wrong } };
  return dice.pick<unknown>([
    { Body: { StkCallback: wrong } },
    { Body: { stkCallback: [wrong] } },
    { Body: { stkCallback: wrong, StkCallback: wrong } },
    { body: { stkCallback: wrong } },
    { stkCallback: wrong },
    wrong,
    [{ Body: { stkCallback: wrong } }],
    { Body: JSON.stringify({ stkCallback: wrong }) },
    { Body: { stkCallback: wrong }, extra: nested(40) },
    null,
    0,
    "0",
    { Body: null },
    { Body: { stkCallback: null } },
  ]);
}

type Fields = Record<string, unknown>;

function ids(dice: Dice, { push, otherPush }: GrammarScene): Fields {
  const roll = dice.int(100);
  const foreign = otherPush?.checkoutRequestId ?? "ws_CO_99";
  const id = roll < 88 ? push.checkoutRequestId : roll < 94 ? foreign : `x${dice.int(1e6)}`;
  return {
    MerchantRequestID: dice.chance(0.9) ? push.merchantRequestId : `m-${dice.int(1e6)}`,
    CheckoutRequestID: id,
  };
}

function unpaid(dice: Dice, scene: GrammarScene): Fields {
  const code = dice.chance(0.5) ? dice.pick<unknown>(FAILURES) : dice.pick<unknown>(DOUBTS);
  return { ...ids(dice, scene), ResultCode: code, ResultDesc: description(dice, scene) };
}

/** Words may name the customer or carry what a page would run; neither may come out of us. */
function description(dice: Dice, { push }: GrammarScene): unknown {
  return dice.pick<unknown>([
    "Request Cancelled by user.",
    "DS timeout user cannot be reached",
    `Customer ${push.phone} did not answer`,
    `0${push.phone.slice(3, 6)} ${push.phone.slice(6, 9)} ${push.phone.slice(9)} is off`,
    "<script>alert(1)</script>",
    "\u0000\u202e\ud800",
    "x".repeat(3_000),
    null,
    17,
  ]);
}

function paid(dice: Dice, scene: GrammarScene): Fields {
  const code = dice.chance(0.75) ? dice.pick<unknown>([0, "0"]) : dice.pick<unknown>(NEARLY_ZERO);
  const items = [
    { Name: "Amount", Value: amount(dice, scene) },
    { Name: "MpesaReceiptNumber", Value: receipt(dice, scene) },
    { Name: "TransactionDate", Value: Number(darajaTimestamp(Date.now())) },
    { Name: "PhoneNumber", Value: Number(scene.push.phone) },
    ...(dice.chance(0.5) ? [{ Name: "Balance" }] : []),
  ];
  return {
    ...ids(dice, scene),
    ResultCode: code,
    ResultDesc: "The service request is processed successfully.",
    CallbackMetadata: { Item: dice.chance(0.8) ? items : oddItems(dice, items) },
  };
}

function amount(dice: Dice, { push }: GrammarScene): unknown {
  const asked = push.amount;
  if (dice.chance(0.75))
    return dice.pick<unknown>([asked, `${asked}`, `${asked}.00`, `${asked}.0`]);
  return dice.pick<unknown>([
    asked + 1,
    asked - 1,
    asked + 0.01,
    1,
    0,
    -asked,
    `${asked}abc`,
    `${asked},00`,
    null,
    true,
    [asked],
    { valueOf: asked },
    1e21,
    `${asked}e0`,
    "",
  ]);
}

function receipt(dice: Dice, scene: GrammarScene): unknown {
  if (dice.chance(0.75)) return scene.receipt;
  return dice.pick<unknown>([
    scene.receipt.toLowerCase(),
    ` ${scene.receipt}\n`,
    scene.freshReceipt(),
    scene.usedReceipt ?? "SHORT",
    scene.usedReceipt?.toLowerCase() ?? "TOOLONGTOOLONG",
    scene.receipt.slice(1),
    `${scene.receipt}0`,
    "",
    null,
    1234567890,
    [scene.receipt],
    "ÀBCDEFGHIJ",
    "'; drop table attempts; --",
  ]);
}

function oddItems(dice: Dice, items: readonly Fields[]): readonly unknown[] {
  const mixed = dice.shuffled<unknown>(items);
  switch (dice.int(5)) {
    case 0:
      return mixed;
    case 1:
      return mixed.slice(1);
    case 2:
      return [...mixed, ...items.slice(0, 2)];
    case 3:
      return [...mixed, { Name: "Amount", Value: 999_999 }];
    default:
      return [null, [], { Name: null }, ...mixed, { Value: 5 }, { Name: "Amount" }];
  }
}

const VALUES: readonly unknown[] = [null, 0, "0", "", [], {}, true, "x".repeat(64), -0, 12];

function wrongValue(dice: Dice, callback: Fields): Fields {
  const name = dice.pick(Object.keys(callback));
  switch (dice.int(4)) {
    case 0: {
      const { [name]: _, ...rest } = callback;
      return rest;
    }
    case 1:
      return { ...callback, [name]: dice.pick(VALUES) };
    case 2:
      return { ...callback, [name.toLowerCase()]: dice.pick(VALUES), constructor: 0, toString: 0 };
    default:
      return JSON.parse(JSON.stringify(callback).replace("{", '{"__proto__":{"ResultCode":0},'));
  }
}

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
}
