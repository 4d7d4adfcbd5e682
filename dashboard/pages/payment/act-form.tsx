import type { ComponentChildren } from "preact";
import { say } from "../../dictionary/words.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { failureText } from "../failure.tsx";
import type { Trying } from "./use-sending.ts";

interface ActFormProps {
  readonly submit: string;
  readonly trying: Trying;
  /** Fields that show their own refusals. */
  readonly fields: readonly string[];
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** The frame of every question about a payment: fields, what went wrong, go and leave. */
export function ActForm({ submit, trying, fields, onSubmit, onClose, children }: ActFormProps) {
  const failure = trying.kind === "failed" ? trying.failure : null;
  const ofField = failure?.kind === "refused" && fields.includes(failure.param ?? "");
  return (
    <form
      class="form act-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      {failure !== null && !ofField && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(failure)}
        </Notice>
      )}
      <p class="settings-actions">
        <Button look="main" type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
          {submit}
        </Button>
        <Button onClick={onClose}>{say("act.cancel")}</Button>
      </p>
    </form>
  );
}
