import { useState } from "preact/hooks";
import type { MerchantView } from "../../../shared/merchants-api.ts";
import { say } from "../../dictionary/words.ts";
import { postCredentials } from "../../merchants-client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ConfirmForm } from "../confirm-form.tsx";
import { failureText } from "../failure.tsx";
import { type DraftField, NO_DRAFT, SECRETS, type Secrets, secretFaults } from "./draft.ts";
import { refusedField, SecretFields } from "./secret-fields.tsx";

interface ChangeCredentialsProps {
  readonly merchant: MerchantView;
  readonly onProved: (name: string) => void;
  readonly onClose: () => void;
}

/** Other credentials for a merchant, proved like the first ones. */
export function ChangeCredentials({ merchant, onProved, onClose }: ChangeCredentialsProps) {
  const { id, name } = merchant;
  const { consumerKey, consumerSecret, passkey } = NO_DRAFT;
  const [draft, setDraft] = useState<Secrets>({ consumerKey, consumerSecret, passkey });
  const [errors, setErrors] = useState<Partial<Record<DraftField, string>>>({});
  const check = () => {
    const wrong = Object.entries(secretFaults(draft));
    setErrors(
      Object.fromEntries(wrong.map(([field, fault]) => [field, say(`merchants.wrong.${fault}`)])),
    );
    return wrong.length === 0;
  };
  return (
    <Dialog title={say("merchants.changeNamed", { name })} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say("merchants.changeSubmit")}
        fields={SECRETS}
        check={check}
        send={() => postCredentials(id, draft)}
        onDone={() => {
          onProved(name);
          onClose();
        }}
        onFailed={(failure) => {
          const field = refusedField(failure);
          if (field !== null) setErrors({ [field]: failureText(failure) });
        }}
        onClose={onClose}
      >
        <p>{say("merchants.changeText")}</p>
        <SecretFields
          draft={draft}
          change={(over) => setDraft((now) => ({ ...now, ...over }))}
          errorOf={(field) => errors[field] ?? null}
        />
      </ConfirmForm>
    </Dialog>
  );
}
