import { useEffect, useRef, useState } from "preact/hooks";
import type { FactorKind } from "../../shared/passkey-rules.ts";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { passkeysFit } from "../passkeys.ts";
import { signInByPasskey } from "../session.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { failureText } from "./failure.tsx";
import { Or, PasskeyButton } from "./passkey-button.tsx";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "empty" }
  | { readonly kind: "failed"; readonly failure: Failure };

interface SignInCodeProps {
  /** What the person has beside the password. */
  readonly factors: readonly FactorKind[];
  /** Signs in with the code; gives what went wrong, or null. */
  readonly send: (code: string) => Promise<Failure | null>;
  readonly onBack: () => void;
}

/** After the right password, for who has a second factor. */
export function SignInCode({ factors, send, onBack }: SignInCodeProps) {
  const form = useRef<HTMLFormElement>(null);
  const [code, setCode] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const byPasskey = factors.includes("passkey") && passkeysFit();
  const focusCode = () => form.current?.querySelector("input")?.focus();
  useEffect(() => {
    if (byPasskey) form.current?.querySelector("button")?.focus();
    else focusCode();
  }, []);
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
      <p>{say(byPasskey ? "signIn.factorLead" : "signIn.codeLead")}</p>
      {byPasskey && (
        <>
          <PasskeyButton look="main" run={signInByPasskey} />
          <Or />
        </>
      )}
      {failure !== null && !ofCode && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(failure)}
        </Notice>
      )}
      <Field
        {...codeWords(factors)}
        type="text"
        name="code"
        autocomplete="one-time-code"
        value={code}
        onInput={setCode}
        error={failure !== null && ofCode ? failureText(failure) : empty}
      />
      <Button
        look={byPasskey ? "plain" : "main"}
        type="submit"
        state={trying.kind === "busy" ? "busy" : "ready"}
      >
        {trying.kind === "busy" ? say("signIn.busy") : say("signIn.submit")}
      </Button>
      <Button look="quiet" onClick={onBack}>
        {say("signIn.otherPerson")}
      </Button>
    </form>
  );
}

/** What the field for a code is called: without an app there are recovery codes only. */
export function codeWords(factors: readonly FactorKind[]) {
  return factors.includes("passkey") && !factors.includes("app")
    ? { label: say("stepUp.recovery"), hint: say("stepUp.recoveryHint") }
    : { label: say("stepUp.code"), hint: say("stepUp.codeHint") };
}
