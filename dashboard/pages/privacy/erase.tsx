import { useState } from "preact/hooks";
import { type Phone, parsePhone, phoneTail } from "../../../shared/phone.ts";
import type { ErasedCounts } from "../../../shared/privacy-api.ts";
import type { Failure } from "../../client.ts";
import { say, sayCount } from "../../dictionary/words.ts";
import { hasSeveral } from "../../merchant-choice.ts";
import { postErase } from "../../privacy-client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ConfirmForm } from "../confirm-form.tsx";

type Stage =
  | { readonly kind: "typing" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "asking"; readonly phone: Phone }
  | { readonly kind: "done"; readonly ending: string; readonly counts: ErasedCounts };

/** The number, then the question by name, then in words what was done. */
export function Erase() {
  const [text, setText] = useState("");
  const [stage, setStage] = useState<Stage>({ kind: "typing" });
  const go = () => {
    const phone = parsePhone(text);
    setStage(phone === null ? { kind: "unreadable" } : { kind: "asking", phone });
  };
  return (
    <section class="panel" aria-labelledby="erase">
      <h2 id="erase">{say("privacy.erase")}</h2>
      {hasSeveral() && <p class="settings-lead">{say("privacy.everyMerchant")}</p>}
      <form
        class="websites-add"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <Field
          label={say("privacy.phone")}
          type="text"
          name="phoneNumber"
          autocomplete="off"
          keys="numeric"
          hint={say("privacy.phoneHint")}
          value={text}
          onInput={setText}
          error={stage.kind === "unreadable" ? say("privacy.phoneBad") : null}
        />
        <Button type="submit">{say("privacy.continue")}</Button>
      </form>
      {stage.kind === "asking" && (
        <Question
          phone={stage.phone}
          onClose={() => setStage({ kind: "typing" })}
          onDone={(counts) => {
            setText("");
            setStage({ kind: "done", ending: stage.phone.slice(-2), counts });
          }}
        />
      )}
      {stage.kind === "done" && (
        <div class="privacy-done">
          <Done {...stage} />
        </div>
      )}
    </section>
  );
}

interface QuestionProps {
  readonly phone: Phone;
  readonly onDone: (counts: ErasedCounts) => void;
  readonly onClose: () => void;
}

function Question({ phone, onDone, onClose }: QuestionProps) {
  const [digits, setDigits] = useState("");
  const [error, setError] = useState<string | null>(null);
  const check = () => {
    const right = digits.trim() === phoneTail(phone);
    setError(right ? null : say("privacy.digitsBad"));
    return right;
  };
  return (
    <Dialog title={say("privacy.ask")} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say("privacy.submit")}
        fields={["lastDigits"]}
        check={check}
        send={() => postErase(phone, digits.trim())}
        onDone={onDone}
        onFailed={(failure) => setError(digitsError(failure))}
        onClose={onClose}
      >
        <p>{say("privacy.askText")}</p>
        {hasSeveral() && <p>{say("privacy.askEveryMerchant")}</p>}
        <Field
          label={say("privacy.digits")}
          type="text"
          name="lastDigits"
          autocomplete="off"
          keys="numeric"
          hint={say("privacy.digitsHint")}
          value={digits}
          onInput={setDigits}
          error={error}
        />
      </ConfirmForm>
    </Dialog>
  );
}

function digitsError(failure: Failure): string | null {
  const here = failure.kind === "refused" && failure.param === "lastDigits";
  return here ? say("privacy.digitsBad") : null;
}

function Done({ ending, counts }: { readonly ending: string; readonly counts: ErasedCounts }) {
  const { attempts, payments, callbacks, notes, references, unopened } = counts;
  const found = attempts + payments + callbacks + notes > 0;
  return (
    <Notice tone={found ? "good" : "calm"} icon={found ? "check" : "lens"} role="status">
      <p>{say(found ? "privacy.done" : "privacy.nothing", { ending })}</p>
      {found && <p>{say("privacy.doneCounts", { attempts, payments, callbacks, notes })}</p>}
      {references > 0 && <p>{sayCount("privacy.doneReferences", references)}</p>}
      {unopened > 0 && <p>{sayCount("privacy.doneUnopened", unopened)}</p>}
    </Notice>
  );
}
