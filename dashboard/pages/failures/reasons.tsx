import type { FailuresView, ReasonView } from "../../../shared/insight-api.ts";
import type { Reason } from "../../../shared/words.ts";
import { BarDrawing } from "../../charts/bars.tsx";
import { DICTIONARIES, say } from "../../dictionary/words.ts";
import { grouped, kes, percent } from "../../format.ts";
import { type Fact, Facts } from "../../ui/facts.tsx";
import { Icon } from "../../ui/icon.tsx";
import { unpaidPath } from "./span.ts";

/** Each reason with how many it left unpaid; opened, what happened and who can do what. */
export function Reasons({ view }: { readonly view: FailuresView }) {
  const { reasons } = view;
  const unpaid = reasons.reduce((sum, { failed }) => sum + failed, 0);
  const most = Math.max(...reasons.map(({ failed }) => failed), 1);
  return (
    <section class="panel" aria-labelledby="reasons">
      <h2 id="reasons">{say("reasons.title")}</h2>
      {reasons.length === 0 && <p class="soft">{say("reasons.none")}</p>}
      <ul class="reasons">
        {reasons.map((one) => (
          <li key={one.reason}>
            <details class="reason">
              <summary>
                <span class="reason-name">{say(`reason.${one.reason}`)}</span>
                <span class="reason-count">
                  {unpaidWords(one.failed)}
                  {unpaid > 0 && <span class="soft"> {percent(one.failed / unpaid)}</span>}
                </span>
                <Icon name="more" size={18} />
                <BarDrawing counts={{ paid: 0, unpaid: one.failed }} most={most} />
              </summary>
              <Explained one={one} view={view} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Explained({ one, view }: { readonly one: ReasonView; readonly view: FailuresView }) {
  const { reason, failed } = one;
  const { from, to } = view;
  return (
    <div class="reason-more">
      <Facts
        facts={[
          { name: say("reasons.happened"), value: say(`reasonHelp.${reason}`) },
          { name: say("reasons.you"), value: say(`reasonDo.${reason}`) },
          { name: say("reasons.them"), value: onlySafaricom(reason) },
          { name: say("reasons.retry"), value: retries(one) },
          codes(one),
          ...(failed === 0 ? [] : [{ name: say("reasons.lost"), value: kes(one.amount) }]),
        ]}
      />
      {failed > 0 && (
        <p>
          <a
            href={unpaidPath({ from, to, reasons: [reason] })}
            aria-label={say("reasons.show", { reason: say(`reason.${reason}`) })}
          >
            {say("failures.show")}
          </a>
        </p>
      )}
    </div>
  );
}

function unpaidWords(n: number): string {
  return n === 1 ? say("reasons.unpaid.one") : say("reasons.unpaid.other", { n: grouped(n) });
}

/** Most reasons are between the shop, the customer and the phone; only some have a word here. */
function onlySafaricom(reason: Reason): string {
  const word = `reasonThem.${reason}`;
  return isWord(word) ? say(word) : say("reasons.nothingThem");
}

function isWord(word: string): word is keyof typeof DICTIONARIES.en {
  return word in DICTIONARIES.en;
}

function retries({ tries, retried, retriedPaid }: ReasonView): string {
  if (retried === 0) return say("reasons.retry.none");
  return say("reasons.retry.some", {
    tries: grouped(tries),
    retried: grouped(retried),
    paid: grouped(retriedPaid),
  });
}

function codes({ codes: all }: ReasonView): Fact {
  return {
    name: say("reasons.codes"),
    value: (
      <ul class="reason-codes">
        {all.map(({ code, meaning, tries }) => (
          <li key={code}>
            {code === "" ? say("reasons.code.none") : <span class="code">{code}</span>} ×
            {grouped(tries)}
            {meaning !== null && <span class="soft"> {say(`reason.${meaning}`)}</span>}
          </li>
        ))}
      </ul>
    ),
  };
}
