import { useRef, useState } from "preact/hooks";
import {
  DEFAULT_PROMPT_LIMITS,
  PROMPT_LIMIT_BOUNDS,
  type PromptLimit,
  type PromptLimitFault,
} from "../../../shared/prompt-limits.ts";
import type { PromptLimitsView } from "../../../shared/prompt-limits-api.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { postLimits } from "../../limits-client.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { failureText } from "../failure.tsx";
import { focusField } from "../sign-in.tsx";
import { type Draft, draftOf, readDraft } from "./draft.ts";

interface LimitsFormProps {
  readonly view: PromptLimitsView;
  /** Whose limits they are, as the address names it. */
  readonly merchant: string;
  readonly onView: (view: PromptLimitsView) => void;
  /** Reads the limits anew, as somebody else has left them. */
  readonly onStale: () => Promise<PromptLimitsView | null>;
}

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "wrong"; readonly fault: PromptLimitFault }
  | { readonly kind: "saved" }
  | { readonly kind: "failed"; readonly failure: Failure };

const COUNTS = ["inTenMinutes", "inAnHour", "inADay", "ofPayment"] as const;
const RESTS = ["restAfterTwoMinutes", "restAfterFourMinutes"] as const;

/** Six numbers, each with its bounds beside it. */
export function LimitsForm({ view, merchant, onView, onStale }: LimitsFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(draftOf(view.limits));
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const change = (next: Draft) => {
    setDraft(next);
    setTrying({ kind: "ready" });
  };
  const save = async () => {
    const read = readDraft(draft);
    if ("field" in read) {
      setTrying({ kind: "wrong", fault: read });
      focusField(form.current, read.field);
      return;
    }
    setTrying({ kind: "busy" });
    const answer = await postLimits(merchant, { version: view.version, ...read });
    if (answer.ok) {
      onView(answer.value);
      setDraft(draftOf(answer.value.limits));
      return setTrying({ kind: "saved" });
    }
    const { failure } = answer;
    const stale = failure.kind === "refused" && failure.code === "stale";
    const fresh = stale ? await onStale() : null;
    if (fresh !== null) setDraft(draftOf(fresh.limits));
    setTrying({ kind: "failed", failure });
  };
  const fields = (names: readonly PromptLimit[]) =>
    names.map((name) => (
      <Field
        key={name}
        label={say(`limits.${name}`)}
        type="text"
        name={name}
        autocomplete="off"
        keys="numeric"
        hint={hintOf(name)}
        value={draft[name]}
        onInput={(text) => change({ ...draft, [name]: text })}
        error={trying.kind === "wrong" ? faultWords(trying.fault, name) : null}
      />
    ));
  return (
    <form
      ref={form}
      class="form limits-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (trying.kind !== "busy") void save();
      }}
    >
      <Outcome trying={trying} />
      <fieldset class="limits">
        <legend>{say("limits.counts")}</legend>
        {fields(COUNTS)}
      </fieldset>
      <fieldset class="limits">
        <legend>{say("limits.rests")}</legend>
        {fields(RESTS)}
      </fieldset>
      <p class="settings-actions">
        <Button type="submit" look="main" state={trying.kind === "busy" ? "busy" : "ready"}>
          {say("limits.save")}
        </Button>
        <Button onClick={() => change(draftOf(DEFAULT_PROMPT_LIMITS))}>
          {say("limits.defaults")}
        </Button>
      </p>
    </form>
  );
}

/** "From 2 to 5; Lipia's own is 3." */
export function hintOf(name: PromptLimit): string {
  const { least, most } = PROMPT_LIMIT_BOUNDS[name];
  return say("limits.hint", { least, most, own: DEFAULT_PROMPT_LIMITS[name] });
}

function faultWords(fault: PromptLimitFault, name: PromptLimit): string | null {
  if (fault.field !== name) return null;
  if (fault.kind === "below") return say("limits.below", { other: say(`limits.${fault.other}`) });
  const { least, most } = PROMPT_LIMIT_BOUNDS[name];
  return say("limits.outside", { least, most });
}

function Outcome({ trying }: { readonly trying: Trying }) {
  if (trying.kind === "saved") {
    return (
      <Notice tone="good" icon="check" role="status">
        {say("limits.saved")}
      </Notice>
    );
  }
  if (trying.kind !== "failed") return null;
  return (
    <Notice tone="bad" icon="alert" role="alert">
      {failureText(trying.failure)}
    </Notice>
  );
}
