import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { KeyView, NewKeyAnswer } from "../../../shared/settings-api.ts";
import type { Answer, Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { postNewKey, postRevokeKey } from "../../settings-client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { failureText } from "../failure.tsx";
import { revealWords } from "../sign-in.tsx";
import { KIND_ORDER } from "./key-kinds.ts";
import { keyName } from "./keys.tsx";
import { openSettings, takeSettings } from "./settings-store.ts";

interface NewKeyProps {
  readonly onClose: () => void;
  readonly onMade: (answer: NewKeyAnswer) => void;
}

/** Which kind, and the password once more: a key opens money. */
export function NewKey({ onClose, onMade }: NewKeyProps) {
  const [kind, setKind] = useState<KeyView["kind"]>("secret");
  return (
    <Dialog title={say("keys.new")} onClose={onClose}>
      <PasswordForm
        submit={say("keys.create")}
        onClose={onClose}
        send={(password) => postNewKey(kind, password)}
        onDone={onMade}
      >
        <Segmented
          label={say("keys.kind")}
          value={kind}
          options={KIND_ORDER.map((value) => ({ value, word: say(`keys.kind.${value}`) }))}
          onChange={setKind}
        />
        <p class="soft">{say(`keys.help.${kind}`)}</p>
      </PasswordForm>
    </Dialog>
  );
}

interface RevokeKeyProps {
  readonly shown: KeyView;
  readonly onClose: () => void;
}

/** Names the key and what stops working with it. */
export function RevokeKey({ shown, onClose }: RevokeKeyProps) {
  return (
    <Dialog title={say("keys.revokeNamed", { key: keyName(shown) })} onClose={onClose}>
      <PasswordForm
        submit={say("keys.revoke")}
        onClose={onClose}
        send={(password) => postRevokeKey(shown.id, password)}
        onDone={(view) => {
          takeSettings(view);
          onClose();
        }}
      >
        <p>{say("keys.revokeText")}</p>
      </PasswordForm>
    </Dialog>
  );
}

interface PasswordFormProps<T> {
  readonly submit: string;
  readonly onClose: () => void;
  readonly send: (password: string) => Promise<Answer<T>>;
  readonly onDone: (value: T) => void;
  readonly children: ComponentChildren;
}

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly failure: Failure };

function PasswordForm<T>({ submit, onClose, send, onDone, children }: PasswordFormProps<T>) {
  const [password, setPassword] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const run = async () => {
    setTrying({ kind: "busy" });
    const answer = await send(password);
    if (answer.ok) return onDone(answer.value);
    setTrying({ kind: "failed", failure: answer.failure });
    // Somebody may have been here first: what the page shows behind the question is read again.
    void openSettings();
  };
  const failure = trying.kind === "failed" ? trying.failure : null;
  const ofField = failure?.kind === "refused" && failure.param === "password";
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (trying.kind !== "busy") void run();
      }}
    >
      {children}
      {failure !== null && !ofField && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(failure)}
        </Notice>
      )}
      <Field
        label={say("keys.password")}
        type="password"
        name="password"
        autocomplete="current-password"
        value={password}
        onInput={setPassword}
        error={failure !== null && ofField ? failureText(failure) : null}
        reveal={revealWords()}
      />
      <p class="settings-actions">
        <Button look="main" type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
          {submit}
        </Button>
        <Button onClick={onClose}>{say("keys.leave")}</Button>
      </p>
    </form>
  );
}
