import type { FailuresView } from "../../../shared/insight-api.ts";
import { successShare, unpaidOf } from "../../../shared/insight-words.ts";
import { say } from "../../dictionary/words.ts";
import { grouped, kes, percent } from "../../format.ts";
import { unpaid as unpaidBehind } from "./behind.ts";

/** The answer in a sentence or two, and the way to the payments. */
export function Summary({ view }: { readonly view: FailuresView }) {
  const { total, before, reasons } = view;
  const unpaid = unpaidOf(total);
  const over = total.paid + unpaid;
  const [most] = reasons;
  const [share, then] = [successShare(total), successShare(before)];
  const lost = reasons.reduce((sum, { amount }) => sum + amount, 0);
  const facts = [
    share !== null && say("failures.rate", { share: percent(share) }),
    then !== null && say("failures.before", { share: percent(then) }),
    lost > 0 && say("failures.lost", { amount: kes(lost) }),
  ].filter((words) => words !== false);
  return (
    <div class="failures-lead">
      <p>
        {unpaid === 0
          ? say("failures.lead.none")
          : say("failures.lead", { unpaid: grouped(unpaid), over: grouped(over) })}{" "}
        {most !== undefined && most.failed > 0 && (
          <strong>
            {say("failures.lead.most", {
              reason: say(`reason.${most.reason}`),
              n: grouped(most.failed),
            })}
          </strong>
        )}
      </p>
      <p class="soft">{facts.join(" · ")}</p>
      {unpaid > 0 && (
        <p>
          <a href={unpaidBehind(view, total).path}>{say("failures.show")}</a>
        </p>
      )}
    </div>
  );
}
