import { useEffect, useRef, useState } from "preact/hooks";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { failureText } from "./failure.tsx";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "empty" }
  | { readonly kind: "failed"; readonly failure: Failure };

interface SignInCodeProps {
  /** Signs in with the code; gives what went wrong, or null. */
  readonly send: (code: string) => Promise<Failure | null>;
  readonly onBack: () => void;
}

/** After the right password, for who has a second factor. */
export function SignInCode({ send, onBack }: SignInCodeProps) {
  const form = useRef<HTMLFormElement>(null);
  const [code, setCode] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const focusCode = () => form.current?.querySelector("input")?.focus();
  useEffect(focusCode, []);
  const submit = async () => {
    if (code.trim() === "") {
      setTrying({ kind: "empty" });
      return focusCode();
    }
    setTrying({ kind: "busy" });
    const failure = await send(code);
    if (failure === null) return;
    setTrying({ kind: "failed", failure });
    focusCode();
  };
  const failure = trying.kind === "failed" ? trying.failure : null;
  const ofCode = failure?.kind === "refused" && failure.param === "code";
  const empty = trying.kind === "empty" ? say("problem.proof_missing") : null;
  return (
    <form
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (trying.kind !== "busy") void submit();
      }}
    >
      <p>{say("signIn.codeLead")}</p>
      {failure !== null && !ofCode && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(failure)}
        </Notice>
      )}
      <Field
        label={say("stepUp.code")}
        type="text"
        name="code"
        autocomplete="one-time-code"
        hint={say("stepUp.codeHint")}
        value={code}
        onInput={setCode}
        error={failure !== null && ofCode ? failureText(failure) : empty}
      />
      <Button look="main" type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
        {trying.kind === "busy" ? say("signIn.busy") : say("signIn.submit")}
      </Button>
      <Button look="quiet" onClick={onBack}>
        {say("signIn.otherPerson")}
      </Button>
    </form>
  );
}
