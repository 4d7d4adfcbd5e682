import type { AttemptObject } from "../../../shared/api.ts";
import type { AttemptFacts } from "../../../shared/payment-actions-api.ts";
import type { Word } from "../../dictionary/en.ts";
import { say } from "../../dictionary/words.ts";
import { kes, moment } from "../../format.ts";
import { type Fact, Facts } from "../../ui/facts.tsx";
import { Pill, Tag } from "../../ui/pill.tsx";
import { FLAG_TONES, STATE_MARKS } from "../marks.ts";

/** What the operating system calls a broken connection: no word of M-PESA's. */
const CONNECTION_FAULT = /^E[A-Z]{3,}$/;

interface AttemptsProps {
  readonly attempts: readonly AttemptObject[];
  /** In the same order. */
  readonly facts: readonly AttemptFacts[];
}

/** Every prompt on a phone, the last one first: it is the one people ask about. */
export function Attempts({ attempts, facts }: AttemptsProps) {
  if (attempts.length === 0) return <p class="soft">{say("payment.attempts.none")}</p>;
  return (
    <ol class="attempts">
      {attempts
        .map((attempt, index) => (
          <Attempt key={attempt.id} attempt={attempt} more={facts[index] ?? null} n={index + 1} />
        ))
        .reverse()}
    </ol>
  );
}

interface AttemptProps {
  readonly attempt: AttemptObject;
  readonly more: AttemptFacts | null;
  readonly n: number;
}

function Attempt({ attempt, more, n }: AttemptProps) {
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
      {more !== null && more.flags.length > 0 && (
        <p class="attempt-flags">
          {more.flags.map((flag) => (
            <Tag key={flag} tone={FLAG_TONES[flag]} title={say(`flagHelp.${flag}`)}>
              {say(`flag.${flag}`)}
            </Tag>
          ))}
        </p>
      )}
      {reason !== null && (
        <p>
          <strong>{say(`reason.${reason}`)}.</strong> {say(`reasonHelp.${reason}`)}
        </p>
      )}
      <Facts size="small" facts={factsOf(attempt, more)} />
    </li>
  );
}

function factsOf(attempt: AttemptObject, more: AttemptFacts | null): readonly Fact[] {
  const now = Date.now();
  const { resolvedAt, receipt, resultCode, resultDescription } = attempt;
  const broken = CONNECTION_FAULT.test(resultDescription ?? "") ? resultDescription : null;
  const said = [resultCode, broken === null ? resultDescription : null];
  const result = said.filter((part) => part !== null).join(" · ");
  const when = (name: Word, at: string | null | undefined): Fact | null =>
    at === null || at === undefined ? null : { name: say(name), value: moment(at, now) };
  const text = (name: Word, value: string | null, look = "long"): Fact | null =>
    value === null || value === ""
      ? null
      : { name: say(name), value: <span class={look}>{value}</span> };
  const facts: (Fact | null)[] = [
    { name: say("fact.phone"), value: attempt.phoneNumber },
    when("fact.asked", attempt.createdAt),
    when("fact.accepted", more?.acceptedAt),
    when("fact.inDoubt", more?.inDoubtAt),
    when("fact.held", more?.heldAt),
    text("fact.looks", looksOf(more, now)),
    when("fact.resolved", resolvedAt),
    text("payment.receipt", receipt, "code"),
    text("fact.received", sumOf(more?.received ?? null)),
    ...(more?.otherReceipts ?? []).map(({ receipt: other, amount }) =>
      text("fact.otherReceipt", `${other} · ${kes(amount)}`),
    ),
    text("fact.reversed", sumOf(more?.reversed || null)),
    text("fact.result", result),
    text("fact.connection", broken, "code"),
    text("fact.laterCode", more?.laterResultCode ?? null),
    text("detail.customerCode", more?.customerCode ?? null, "code"),
    text("fact.request", more?.merchantRequestId ?? null, "code long"),
  ];
  return facts.filter((fact) => fact !== null);
}

function sumOf(shillings: number | null): string | null {
  return shillings === null ? null : kes(shillings);
}

function looksOf(more: AttemptFacts | null, now: number): string | null {
  if (more === null || more.looks === 0) return null;
  const { looks, lastLookAt } = more;
  return lastLookAt === null
    ? String(looks)
    : say("fact.looksLast", { n: looks, when: moment(lastLookAt, now) });
}
