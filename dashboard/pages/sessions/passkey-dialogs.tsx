import { useState } from "preact/hooks";
import type { PasskeyView } from "../../../shared/passkey-api.ts";
import { PASSKEY_NAME_MAX } from "../../../shared/passkey-rules.ts";
import type { SecurityView } from "../../../shared/security-api.ts";
import { say } from "../../dictionary/words.ts";
import { postPasskeyName, postPasskeyRemoval } from "../../passkey-client.ts";
import { addPasskey } from "../../passkeys.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ConfirmForm } from "../confirm-form.tsx";
import { openSecurity, takeCodes, takeSecurity } from "./security-store.ts";
import { sessions } from "./sessions-store.ts";

interface AddPasskeyProps {
  readonly view: SecurityView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function AddPasskey({ view, onClose, onDone }: AddPasskeyProps) {
  const { name, check, field } = useName(thisDevice());
  return (
    <Dialog title={say("passkeys.addTitle")} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say("passkeys.addGo")}
        check={check}
        send={() => addPasskey(name)}
        onDone={(codes) => {
          takeCodes(codes);
          onDone();
        }}
        onFailed={() => void openSecurity()}
        onClose={onClose}
      >
        <p>{say("passkeys.addText")}</p>
        {view.recoveryCodesLeft === null && (
          <Notice tone="calm" icon="alert">
            {say("passkeys.addFirst")}
          </Notice>
        )}
        {field}
      </ConfirmForm>
    </Dialog>
  );
}

interface OneProps {
  readonly passkey: PasskeyView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function RenamePasskey({ passkey, onClose, onDone }: OneProps) {
  const { name, check, field } = useName(passkey.name);
  return (
    <Dialog title={say("passkeys.renameTitle")} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say("passkeys.renameGo")}
        check={check}
        send={() => postPasskeyName(passkey.id, name)}
        onDone={(view) => {
          takeSecurity(view);
          onDone();
        }}
        onFailed={() => void openSecurity()}
        onClose={onClose}
      >
        {field}
      </ConfirmForm>
    </Dialog>
  );
}

/** Removing needs the password and a fresh proof, as switching the app off does. */
export function RemovePasskey(props: OneProps & { readonly isLast: boolean }) {
  const { passkey, isLast, onClose, onDone } = props;
  return (
    <Dialog title={say("passkeys.removeTitle", { name: passkey.name })} onClose={onClose}>
      <ConfirmForm
        ask="password"
        submit={say("passkeys.remove")}
        send={(password) => postPasskeyRemoval(passkey.id, password)}
        onDone={(view) => {
          takeSecurity(view);
          onDone();
        }}
        onFailed={() => void openSecurity()}
        onClose={onClose}
      >
        <p>{say("passkeys.removeText")}</p>
        {isLast && (
          <Notice tone="doubt" icon="alert">
            {say("passkeys.removeLast")}
          </Notice>
        )}
      </ConfirmForm>
    </Dialog>
  );
}

/** The field for a passkey's name, with what is wrong with it beside it. */
function useName(first: string) {
  const [name, setName] = useState(first);
  const [wrong, setWrong] = useState<string | null>(null);
  const check = () => {
    setWrong(name.trim() === "" ? say("passkeys.nameMissing") : null);
    return name.trim() !== "";
  };
  const field = (
    <Field
      label={say("passkeys.name")}
      type="text"
      name="name"
      autocomplete="off"
      hint={say("passkeys.nameHint")}
      value={name}
      onInput={(typed) => setName(typed.slice(0, PASSKEY_NAME_MAX))}
      error={wrong}
    />
  );
  return { name, check, field };
}

/** "Chrome, Windows", where the browser said so when its session began. */
function thisDevice(): string {
  const now = sessions.peek();
  const own = now.kind === "ready" ? now.list.sessions.find(({ isThis }) => isThis) : undefined;
  return own?.device ?? "";
}
