import type { DashboardPayment } from "../../../shared/api.ts";
import { say } from "../../dictionary/words.ts";

interface AttemptChoiceProps {
  readonly payment: DashboardPayment;
  readonly ids: readonly string[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** Which attempt is meant; nothing to choose where only one can be. */
export function AttemptChoice({ payment, ids, value, onChange }: AttemptChoiceProps) {
  if (ids.length < 2) return null;
  const choices = payment.attempts.map((attempt, index) => ({ attempt, n: index + 1 }));
  return (
    <label class="field">
      <span class="field-name">{say("act.which")}</span>
      <select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices
          .filter(({ attempt }) => ids.includes(attempt.id))
          .map(({ attempt, n }) => (
            <option key={attempt.id} value={attempt.id}>
              {say("act.whichOne", {
                n,
                phone: attempt.phoneNumber,
                state: say(`attemptState.${attempt.state}`),
              })}
            </option>
          ))}
      </select>
    </label>
  );
}
