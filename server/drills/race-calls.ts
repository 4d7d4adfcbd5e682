/** The calls of a race, each with the statuses that it may be answered while others run. */
import type { Answer } from "./caller.ts";
import type { Dice } from "./dice.ts";
import type { Track } from "./race-scene.ts";

/** Whole shillings of most orders. */
export const RACE_AMOUNT = 120;

/** Statuses that each call may answer while others run. */
const ALLOWED = {
  open: [200, 201, 409],
  prompt: [201, 409, 429],
  checkoutPrompt: [200, 409, 429],
  stkPush: [201, 202, 400, 409, 429],
  cancel: [200, 409],
  callback: [200],
} as const;
type CallName = keyof typeof ALLOWED;

/** What a call is about. */
export interface With {
  readonly order: string;
  readonly phone: string;
  readonly payment: { readonly id: string; readonly checkoutToken: string } | undefined;
  readonly key: string | null;
  /** Each race comes from a network of its own, or the limit for one would end the race early. */
  readonly address: string;
}

/** One call of a drawn kind. */
export function oneCall(track: Track, dice: Dice, with_: With): Promise<unknown> {
  const { order, phone, payment, key, address } = with_;
  const { house } = track;
  const keyed = key !== null && dice.chance(0.5);
  const headers = (name: CallName) => (keyed ? { "Idempotency-Key": `${key}-${name}` } : undefined);
  const amount = dice.chance(0.8) ? RACE_AMOUNT : RACE_AMOUNT + 1;
  const kind =
    payment === undefined
      ? dice.pick(["stkPush", "stkPush", "open"] as const)
      : dice.pick([
          "prompt",
          "prompt",
          "checkoutPrompt",
          "checkoutPrompt",
          "stkPush",
          "open",
          "cancel",
        ] as const);
  switch (kind) {
    case "open":
      return open(track, order, amount);
    case "stkPush": {
      const body = { phoneNumber: phone, amount, orderId: order };
      return asked(track, kind, house.merchant("/api/mpesa/stk-push", body, headers(kind)));
    }
    case "prompt": {
      const path = `/v1/payments/${payment?.id}/prompt`;
      return asked(track, kind, house.merchant(path, { phoneNumber: phone }, headers(kind)));
    }
    case "cancel":
      return asked(track, kind, house.merchant(`/v1/payments/${payment?.id}/cancel`, {}));
    case "checkoutPrompt":
      return asked(
        track,
        kind,
        house.browser({
          path: "/checkout/v1/prompt",
          body: { phoneNumber: phone },
          headers: {
            Authorization: `Bearer ${payment?.checkoutToken}`,
            "X-Forwarded-For": address,
          },
        }),
      );
  }
}

/** Opens, or finds, the order's payment. */
export function open(track: Track, order: string, amount: number): Promise<Answer> {
  const body = { amount, orderReference: order };
  return asked(track, "open", track.house.merchant("/v1/payments", body));
}

/** Notes a call's status and faults one that is not in its set. */
export async function asked(track: Track, name: CallName, call: Promise<Answer>): Promise<Answer> {
  const answer = await call;
  const allowed: readonly number[] = ALLOWED[name];
  if (!allowed.includes(answer.status)) {
    track.tally.fault(`${name} answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  }
  track.tally.count(`${name} ${answer.status}`);
  return answer;
}
