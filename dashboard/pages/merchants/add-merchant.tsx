import { useEffect, useRef, useState } from "preact/hooks";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { postMerchant } from "../../merchants-client.ts";
import { Button } from "../../ui/button.tsx";
import { CheckBox } from "../../ui/check-box.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { failureText } from "../failure.tsx";
import { credentialsHere } from "./credentials-here.ts";
import {
  type Draft,
  type DraftFaults,
  type DraftField,
  draftFaults,
  KINDS,
  NO_DRAFT,
  requestOf,
} from "./draft.ts";
import { refusedField, SecretFields } from "./secret-fields.tsx";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Who is to be paid, under which number, and what opens M-Pesa for it. */
export function AddMerchant({ onAdded }: { readonly onAdded: (name: string) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>(NO_DRAFT);
  const [faults, setFaults] = useState<DraftFaults>({});
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const credentials = credentialsHere();
  const failure = trying.kind === "failed" ? trying.failure : null;
  const refused = refusedField(failure);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults, trying]);
  const change = (over: Partial<Draft>) => setDraft((now) => ({ ...now, ...over }));
  const errorOf = (field: DraftField) => {
    const fault = faults[field];
    if (fault !== undefined) return say(`merchants.wrong.${fault}`);
    return failure !== null && refused === field ? failureText(failure) : null;
  };
  const add = async () => {
    const wrong = draftFaults(draft, credentials);
    setFaults(wrong);
    setTrying({ kind: "ready" });
    if (Object.keys(wrong).length > 0) return;
    setTrying({ kind: "busy" });
    const answer = await postMerchant(requestOf(draft, credentials));
    if (!answer.ok) return setTrying({ kind: "failed", failure: answer.failure });
    setTrying({ kind: "ready" });
    setDraft(NO_DRAFT);
    onAdded(draft.name.trim());
  };
  const parts = { draft, change, errorOf };
  return (
    <section class="panel" aria-labelledby="add-merchant">
      <h2 id="add-merchant">{say("merchants.add")}</h2>
      <form
        ref={form}
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (trying.kind !== "busy") void add();
        }}
      >
        <Numbers {...parts} />
        {credentials === "wanted" ? (
          <Secrets {...parts} />
        ) : (
          <p class="soft">{say("merchants.simulated")}</p>
        )}
        {failure !== null && refused === null && (
          <Notice tone="bad" icon="alert" role="alert">
            {failureText(failure)}
          </Notice>
        )}
        <p class="settings-actions">
          <Button look="main" type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
            {say(trying.kind === "busy" ? "merchants.proving" : "merchants.submit")}
          </Button>
        </p>
      </form>
    </section>
  );
}

interface Parts {
  readonly draft: Draft;
  readonly change: (over: Partial<Draft>) => void;
  readonly errorOf: (field: DraftField) => string | null;
}

/** The name and the numbers; a till has two, and both are explained where they are asked for. */
function Numbers({ draft, change, errorOf }: Parts) {
  const { kind } = draft;
  return (
    <>
      <Field
        label={say("settings.name")}
        type="text"
        name="name"
        autocomplete="off"
        hint={say("merchants.nameHint")}
        value={draft.name}
        onInput={(name) => change({ name })}
        error={errorOf("name")}
      />
      <Segmented
        label={say("merchants.kind")}
        value={kind}
        options={KINDS.map((value) => ({ value, word: say(`merchants.kind.${value}`) }))}
        onChange={(chosen) => change({ kind: chosen })}
      />
      <Field
        label={say(kind === "till" ? "merchants.store" : "merchants.paybill")}
        type="text"
        name="shortcode"
        autocomplete="off"
        keys="numeric"
        hint={say(kind === "till" ? "merchants.storeHint" : "merchants.paybillHint")}
        value={draft.shortcode}
        onInput={(shortcode) => change({ shortcode })}
        error={errorOf("shortcode")}
      />
      {kind === "till" && (
        <Field
          label={say("merchants.till")}
          type="text"
          name="till"
          autocomplete="off"
          keys="numeric"
          hint={say("merchants.tillHint")}
          value={draft.till}
          onInput={(till) => change({ till })}
          error={errorOf("till")}
        />
      )}
    </>
  );
}

function Secrets({ draft, change, errorOf }: Parts) {
  return (
    <>
      <p class="soft">{say("merchants.credentials")}</p>
      <SecretFields draft={draft} change={change} errorOf={errorOf} />
      {draft.kind === "paybill" && (
        <CheckBox
          label={say("merchants.pull")}
          value={draft.pull}
          onChange={(pull) => change({ pull })}
        />
      )}
    </>
  );
}
