import type { AttemptObject } from "../../../shared/api.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { type Fact, Facts } from "../../ui/facts.tsx";
import { Pill } from "../../ui/pill.tsx";
import { STATE_MARKS } from "../marks.ts";

/** Every prompt on a phone, the last one first: it is the one people ask about. */
export function Attempts({ attempts }: { readonly attempts: readonly AttemptObject[] }) {
  if (attempts.length === 0) return <p class="soft">{say("payment.attempts.none")}</p>;
  return (
    <ol class="attempts">
      {attempts
        .map((attempt, index) => <Attempt key={attempt.id} attempt={attempt} n={index + 1} />)
        .reverse()}
    </ol>
  );
}

function Attempt({ attempt, n }: { readonly attempt: AttemptObject; readonly n: number }) {
  const { tone, icon } = STATE_MARKS[attempt.state];
  const { reason } = attempt;
  return (
    <li class="attempt">
      <div class="attempt-head">
        <h3>{say("payment.attempt", { n })}</h3>
        <Pill tone={tone} icon={icon}>
          {say(`attemptState.${attempt.state}`)}
        </Pill>
      </div>
      {reason !== null && (
        <p>
          <strong>{say(`reason.${reason}`)}.</strong> {say(`reasonHelp.${reason}`)}
        </p>
      )}
      <Facts size="small" facts={attemptFacts(attempt)} />
    </li>
  );
}

function attemptFacts(attempt: AttemptObject): readonly Fact[] {
  const now = Date.now();
  const { receipt, resolvedAt, resultCode, resultDescription } = attempt;
  const result = [resultCode, resultDescription].filter((part) => part !== null).join(" · ");
  return [
    { name: say("fact.phone"), value: attempt.phoneNumber },
    { name: say("fact.asked"), value: moment(attempt.createdAt, now) },
    ...(resolvedAt === null
      ? []
      : [{ name: say("fact.resolved"), value: moment(resolvedAt, now) }]),
    ...(receipt === null
      ? []
      : [{ name: say("payment.receipt"), value: <span class="code">{receipt}</span> }]),
    ...(result === ""
      ? []
      : [{ name: say("fact.result"), value: <span class="long">{result}</span> }]),
  ];
}
