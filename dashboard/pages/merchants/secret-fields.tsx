import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { Field } from "../../ui/field.tsx";
import { revealWords } from "../sign-in.tsx";
import { type DraftField, SECRETS, type Secrets } from "./draft.ts";

interface SecretFieldsProps {
  readonly draft: Secrets;
  readonly change: (over: Partial<Secrets>) => void;
  readonly errorOf: (field: DraftField) => string | null;
}

/** Consumer key, consumer secret and passkey, as they are copied from the Daraja portal. */
export function SecretFields({ draft, change, errorOf }: SecretFieldsProps) {
  return (
    <>
      {SECRETS.map((field) => (
        <Field
          key={field}
          label={say(`merchants.${field}`)}
          type={field === "consumerKey" ? "text" : "password"}
          name={field}
          autocomplete="off"
          hint={field === "passkey" ? say("merchants.passkeyHint") : undefined}
          value={draft[field]}
          onInput={(text) => change({ [field]: text })}
          error={errorOf(field)}
          reveal={field === "consumerKey" ? undefined : revealWords()}
        />
      ))}
    </>
  );
}

/** The field that the server blames; `credentials.passkey` is the passkey's. */
export function refusedField(failure: Failure | null): DraftField | null {
  const last = failure?.kind === "refused" ? (failure.param?.split(".").at(-1) ?? null) : null;
  const fields: readonly DraftField[] = ["name", "shortcode", "till", ...SECRETS];
  return fields.find((field) => field === last) ?? null;
}
