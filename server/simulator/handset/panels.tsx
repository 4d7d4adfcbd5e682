/** Beside the phone: what should happen, and which numbers do what by themselves. */
import {
  type HandsetAction,
  type HandsetPrompt,
  TEST_SCENARIOS,
  type TestScenario,
} from "../../../shared/handset-view.ts";
import { CopyButton } from "./copy-button.tsx";
import { Draw } from "./icons.tsx";
import { DIRECTIONS, type Words } from "./words.ts";

interface DirectorProps {
  readonly prompt: HandsetPrompt | null;
  readonly words: Words;
  readonly answer: (action: HandsetAction) => void;
}

export function Director({ prompt, words, answer }: DirectorProps) {
  const idle = prompt === null || prompt.mode === "answered";
  return (
    <section class="panel" aria-labelledby="direct-title">
      <h2 id="direct-title">{words.directTitle}</h2>
      <p class="panel-hint">{idle ? words.directIdle : words.directHint}</p>
      <ul class="directions">
        {DIRECTIONS.map((action) => {
          const [label, effect] = words.directions[action];
          return (
            <li key={action}>
              <button type="button" disabled={idle} onClick={() => answer(action)}>
                <Draw name={action} />
                <span>
                  <b>{label}</b> <small>{effect}</small>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** `0700 000 001`, as a customer would type it. */
function testNumber(row: TestScenario): string {
  return `0700 000 0${row}`;
}

export function Numbers({ words }: { words: Words }) {
  return (
    <section class="panel" aria-labelledby="numbers-title">
      <h2 id="numbers-title">{words.numbersTitle}</h2>
      <p class="panel-hint">{words.numbersHint}</p>
      <ul class="numbers">
        {TEST_SCENARIOS.map((row) => (
          <li key={row} data-yours={row === "00"}>
            <code>{testNumber(row)}</code>
            <span>{words.scenarios[row]}</span>
            <CopyButton
              text={testNumber(row)}
              label={words.copyNumber}
              name={testNumber(row)}
              words={words}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
