import type { FailuresView, ReasonView } from "../../../shared/insight-api.ts";
import type { Reason } from "../../../shared/words.ts";
import { BarDrawing } from "../../charts/bars.tsx";
import { DICTIONARIES, say } from "../../dictionary/words.ts";
import { grouped, kes, percent } from "../../format.ts";
import { type Fact, Facts } from "../../ui/facts.tsx";
import { Icon } from "../../ui/icon.tsx";
import { type CodeBehind, codesBehind, type Days, leftBy } from "./behind.ts";

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
  return (
    <div class="reason-more">
      <Facts
        facts={[
          { name: say("reasons.happened"), value: say(`reasonHelp.${reason}`) },
          { name: say("reasons.you"), value: say(`reasonDo.${reason}`) },
          { name: say("reasons.them"), value: onlySafaricom(reason) },
          { name: say("reasons.retry"), value: retries(one) },
          codes(view, one),
          ...(failed === 0 ? [] : [{ name: say("reasons.lost"), value: kes(one.amount) }]),
        ]}
      />
      {failed > 0 && (
        <p>
          <a
            href={leftBy(view, one).path}
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

function codes(days: Days, one: ReasonView): Fact {
  return {
    name: say("reasons.codes"),
    value: (
      <ul class="reason-codes">
        {codesBehind(days, one).map((each) => (
          <li key={each.code}>
            <Code {...each} />
          </li>
        ))}
      </ul>
    ),
  };
}

/** How often it was told, and how many payments it left unpaid. */
function Code({ code, meaning, tries, count, path }: CodeBehind) {
  const word = code === "" ? say("reasons.code.none") : code;
  const unpaid = unpaidWords(count);
  return (
    <>
      {code === "" ? word : <span class="code">{code}</span>} ×{grouped(tries)}
      {meaning !== null && <span class="soft"> {say(`reason.${meaning}`)}</span>}
      {count > 0 && (
        <>
          {" "}
          <a href={path} aria-label={`${unpaid}: ${word}`}>
            {unpaid}
          </a>
        </>
      )}
    </>
  );
}
