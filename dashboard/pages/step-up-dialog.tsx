import { useEffect, useState } from "preact/hooks";
import type { FactorKind } from "../../shared/passkey-rules.ts";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { passkeysFit, proveByPasskey } from "../passkeys.ts";
import { postStepUp } from "../security-client.ts";
import { type ProofKind, stepUpQuestion } from "../step-up.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { failureText } from "./failure.tsx";
import { Or, PasskeyButton } from "./passkey-button.tsx";
import { revealWords } from "./sign-in.tsx";
import { codeWords } from "./sign-in-code.tsx";

/** Stands once in the shell, and asks whenever a call waits for a proof. */
export function StepUpDialog() {
  const question = stepUpQuestion.value;
  // Whoever is signed out meanwhile is asked to sign in; the call must not wait for ever.
  useEffect(() => () => stepUpQuestion.peek()?.settle("left"), []);
  if (question === null) return null;
  const { what, factors, settle } = question;
  return (
    <Dialog title={say("stepUp.title")} onClose={() => settle("left")}>
      <ProofForm
        what={what}
        factors={factors}
        onProved={() => settle("proved")}
        onLeave={() => settle("left")}
      />
    </Dialog>
  );
}

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "empty" }
  | { readonly kind: "failed"; readonly failure: Failure };

interface ProofFormProps {
  readonly what: ProofKind;
  readonly factors: readonly FactorKind[];
  readonly onProved: () => void;
  readonly onLeave: () => void;
}

function ProofForm({ what, factors, onProved, onLeave }: ProofFormProps) {
  const [given, setGiven] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const run = async () => {
    if (given.trim() === "") return setTrying({ kind: "empty" });
    setTrying({ kind: "busy" });
    const answer = await postStepUp(what, given);
    if (answer.ok) onProved();
    else setTrying({ kind: "failed", failure: answer.failure });
  };
  const failure = trying.kind === "failed" ? trying.failure : null;
  const ofField = failure?.kind === "refused" && failure.param === what;
  const byPasskey = factors.includes("passkey") && passkeysFit();
  const usePasskey = async () => {
    const answer = await proveByPasskey();
    if (!answer.ok) return answer.failure;
    onProved();
    return null;
  };
  const words = what === "code" ? codeWords(factors) : { label: say("stepUp.password") };
  const empty = trying.kind === "empty" ? say("problem.proof_missing") : null;
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (trying.kind !== "busy") void run();
      }}
    >
      <p>{say(`stepUp.lead.${byPasskey ? "passkey" : what}`)}</p>
      {byPasskey && (
        <>
          <PasskeyButton look="main" run={usePasskey} />
          <Or />
        </>
      )}
      {failure !== null && !ofField && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(failure)}
        </Notice>
      )}
      <Field
        {...words}
        type={what === "password" ? "password" : "text"}
        name={what}
        autocomplete={what === "password" ? "current-password" : "one-time-code"}
        value={given}
        onInput={setGiven}
        error={failure !== null && ofField ? failureText(failure) : empty}
        reveal={what === "password" ? revealWords() : undefined}
      />
      <p class="settings-actions">
        <Button
          look={byPasskey ? "plain" : "main"}
          type="submit"
          state={trying.kind === "busy" ? "busy" : "ready"}
        >
          {say("stepUp.go")}
        </Button>
        <Button onClick={onLeave}>{say("stepUp.leave")}</Button>
      </p>
    </form>
  );
}
