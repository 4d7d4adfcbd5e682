/** A payment's actions as the server computed them, in words. */
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import type { ActionView } from "../../../shared/payment-actions-api.ts";
import type { ActionName } from "../../../shared/words.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";

export type Allowed = Extract<ActionView, { kind: "allowed" }>;
export type NotAllowed = Extract<ActionView, { kind: "refused" }>;

/** @throws when the server left one out, which is a bug of ours. */
export function actionNamed({ actions }: DashboardPaymentDetail, name: ActionName): ActionView {
  const found = actions.find((action) => action.name === name);
  if (found === undefined) throw new Error(`the payment came without the action ${name}`);
  return found;
}

/** Why not, and from when where waiting helps. */
export function whyNotText({ because, at }: NotAllowed): string {
  const why = say(`why.${because}`);
  return at === null ? why : `${why} ${say("act.from", { when: moment(at, Date.now()) })}`;
}
