import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { failureText } from "./failure.tsx";
import { revealWords } from "./sign-in.tsx";

interface ConfirmFormProps<T> {
  readonly submit: string;
  /** `password`: it is asked for once more. */
  readonly ask: "password" | "nothing";
  /** Fields of the children that show their own failure. */
  readonly fields?: readonly string[];
  /** False, with its reason shown beside a field, when something is missing. */
  readonly check?: () => boolean;
  readonly send: (password: string) => Promise<Answer<T>>;
  readonly onDone: (value: T) => void;
  /** Hears of a refusal: what the page shows behind the question may be old. */
  readonly onFailed: (failure: Failure) => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "unsure" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** The foot of a question in a dialog: the password where it is asked for, to do it, to leave it. */
export function ConfirmForm<T>(props: ConfirmFormProps<T>) {
  const { submit, ask, fields = [], check = () => true, send, onDone, onFailed, onClose } = props;
  const [password, setPassword] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  // Who does not see the page hears what is wrong by coming to it.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  const attempt = async () => {
    if (!check()) return;
    if (ask === "password" && password === "") return setTrying({ kind: "unsure" });
    setTrying({ kind: "busy" });
    const answer = await send(password);
    if (answer.ok) return onDone(answer.value);
    setTrying({ kind: "failed", failure: answer.failure });
    onFailed(answer.failure);
  };
  const run = async () => {
    await attempt();
    setTries((n) => n + 1);
  };
  const failure = trying.kind === "failed" ? trying.failure : null;
  const param = failure?.kind === "refused" ? failure.param : null;
  const shownElsewhere = param !== null && (param === "password" || fields.includes(param));
  return (
    <form
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (trying.kind !== "busy") void run();
      }}
    >
      {props.children}
      {failure !== null && !shownElsewhere && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(failure)}
        </Notice>
      )}
      {ask === "password" && (
        <Field
          label={say("keys.password")}
          type="password"
          name="password"
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
          error={
            trying.kind === "unsure"
              ? say("signIn.passwordMissing")
              : failure !== null && param === "password"
                ? failureText(failure)
                : null
          }
          reveal={revealWords()}
        />
      )}
      <p class="settings-actions">
        <Button look="main" type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
          {submit}
        </Button>
        <Button onClick={onClose}>{say("keys.leave")}</Button>
      </p>
    </form>
  );
}
