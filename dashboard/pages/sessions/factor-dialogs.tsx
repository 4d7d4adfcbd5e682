import { useState } from "preact/hooks";
import type { FactorBegun, RecoveryCodes, SecurityView } from "../../../shared/security-api.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { postFactorConfirm, postFactorOff } from "../../security-client.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { ConfirmForm } from "../confirm-form.tsx";
import { failureText } from "../failure.tsx";
import { openSecurity } from "./security-store.ts";

interface NewFactorProps {
  readonly begun: FactorBegun;
  readonly onClose: () => void;
  readonly onDone: (codes: RecoveryCodes) => void;
}

/** The square for the app, the secret for who cannot scan it, and the code that proves it took. */
export function NewFactor({ begun, onClose, onDone }: NewFactorProps) {
  const [code, error, field] = useCode();
  return (
    <Dialog title={say("factor.onTitle")} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say("factor.onSubmit")}
        fields={["code"]}
        check={() => error.check(code)}
        send={() => postFactorConfirm(code)}
        onDone={onDone}
        onFailed={error.take}
        onClose={onClose}
      >
        <p>{say("factor.scan")}</p>
        <div class="factor-square">
          <QrCode rows={begun.qr} label={say("factor.square")} />
        </div>
        <details class="factor-typed">
          <summary>{say("factor.cannotScan")}</summary>
          <CodeBlock
            text={grouped(begun.secret)}
            label={say("factor.secret")}
            copy={{
              label: say("factor.copySecret"),
              word: say("payment.copy"),
              done: say("payment.copied"),
            }}
          />
        </details>
        {field(say("factor.firstCode"), say("factor.firstCodeHint"))}
      </ConfirmForm>
    </Dialog>
  );
}

interface EndFactorProps {
  readonly hasPasskeys: boolean;
  readonly onClose: () => void;
  readonly onDone: (view: SecurityView) => void;
}

/** Off needs both: who has only the password, or only the phone, cannot. */
export function EndFactor({ hasPasskeys, onClose, onDone }: EndFactorProps) {
  const [code, error, field] = useCode();
  return (
    <Dialog title={say("factor.offTitle")} onClose={onClose}>
      <ConfirmForm
        ask="password"
        submit={say("factor.off")}
        fields={["code"]}
        check={() => error.check(code)}
        send={(password) => postFactorOff(password, code)}
        onDone={onDone}
        onFailed={(failure) => {
          error.take(failure);
          void openSecurity();
        }}
        onClose={onClose}
      >
        <p>{say(hasPasskeys ? "factor.offTextBeside" : "factor.offText")}</p>
        {field(say("stepUp.code"), say("stepUp.codeHint"))}
      </ConfirmForm>
    </Dialog>
  );
}

/** The field for a code, with what is wrong with it beside it. */
function useCode() {
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const error = {
    check(typed: string): boolean {
      setWrong(typed.trim() === "" ? say("problem.proof_missing") : null);
      return typed.trim() !== "";
    },
    take(failure: Failure): void {
      const ofCode = failure.kind === "refused" && failure.param === "code";
      setWrong(ofCode ? failureText(failure) : null);
    },
  };
  const field = (label: string, hint: string) => (
    <Field
      label={label}
      type="text"
      name="code"
      autocomplete="one-time-code"
      hint={hint}
      value={code}
      onInput={setCode}
      error={wrong}
    />
  );
  return [code, error, field] as const;
}

/** In fours, as people type it. */
function grouped(secret: string): string {
  return (secret.match(/.{1,4}/g) ?? []).join(" ");
}
