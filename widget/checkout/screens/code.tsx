import { useId, useState } from "preact/hooks";
import { tellCode } from "../client.ts";
import { codeProblem, codeWordsOf } from "../code-words.ts";
import type { ScreenProps } from "./props.ts";

/** The code from M-PESA's SMS: noted and checked, never believed; the page goes on watching. */
export function CodeForm({ view, locale, session }: ScreenProps) {
  const words = codeWordsOf(locale);
  const id = useId();
  const [code, setCode] = useState("");
  const [state, setState] = useState<"typing" | "telling">("typing");
  const [problem, setProblem] = useState<string | null>(null);
  if (view.codeTold && problem === null) return <p role="status">{words.noted}</p>;
  const tell = async () => {
    setState("telling");
    const answer = await tellCode(session.token, code);
    if (answer.kind === "view") session.take(answer.view);
    setProblem(answer.kind === "view" ? null : answer.kind === "refused" ? answer.code : "lost");
    setState("typing");
  };
  return (
    <details>
      <summary>{words.ask}</summary>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (state === "typing") tell();
        }}
      >
        <label for={id}>{words.label}</label>
        <input
          id={id}
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          maxLength={600}
          placeholder="TKN1A2B3C4"
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-note`}
        />
        <p
          id={`${id}-note`}
          class={problem === null ? "soft" : "problem"}
          role={problem === null ? undefined : "alert"}
        >
          {problem === null ? words.hint : codeProblem(problem, locale)}
        </p>
        <button class="second" type="submit" aria-disabled={state === "telling"}>
          {words.tell}
        </button>
      </form>
    </details>
  );
}
