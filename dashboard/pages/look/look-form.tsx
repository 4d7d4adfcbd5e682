import { useRef } from "preact/hooks";
import { faintOn, parseAccent } from "../../../shared/accent.ts";
import { LOGO_TYPES } from "../../../shared/brand-rules.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { Button } from "../../ui/button.tsx";
import { ColourField } from "../../ui/colour-field.tsx";
import { Field } from "../../ui/field.tsx";
import { FileField } from "../../ui/file-field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { failureText } from "../failure.tsx";
import { focusField } from "../sign-in.tsx";
import { type Draft, isAccent, logoShown, nameFault } from "./draft.ts";
import { Preview } from "./preview.tsx";
import { type LookDeps, type Trying, useDraft } from "./use-draft.ts";

/** The green of widget/checkout/checkout.css, which no colour of the shop's own replaces. */
const LIPIA_GREEN = "#08763a";

type LookFormProps = Omit<LookDeps, "onWrong">;

/** Name, colour and logo, with the checkout beside them as it would be. */
export function LookForm({ view, onView, onStale }: LookFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const onWrong = (field: "name" | "accent") => focusField(form.current, field);
  const edited = useDraft({ view, onView, onStale, onWrong });
  const { draft, logoFault, trying, change } = edited;
  const shown = logoShown(draft, view);
  const remove = () => {
    change({ logo: { kind: "none" } });
    // The button goes with the logo; whoever pressed it stays where they were.
    focusField(form.current, "logo");
  };
  return (
    <div class="look">
      <form
        ref={form}
        class="form look-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (trying.kind !== "busy") void edited.save();
        }}
      >
        <Outcome trying={trying} />
        <Fields draft={draft} change={change} trying={trying} />
        <FileField
          label={say("look.logo")}
          choose={say("look.choose")}
          accept={LOGO_TYPES.join(",")}
          hint={say("look.logoHint")}
          error={logoFault === null ? null : say(`look.${logoFault}`)}
          name="logo"
          onFile={(file) => void edited.take(file)}
          shown={
            shown !== null && (
              <img class="look-logo" src={shown} width="40" height="40" alt={say("look.now")} />
            )
          }
          remove={
            shown !== null && (
              <Button look="quiet" onClick={remove}>
                {say("look.remove")}
              </Button>
            )
          }
        />
        <p class="settings-actions">
          <Button type="submit" look="main" state={trying.kind === "busy" ? "busy" : "ready"}>
            {say("look.save")}
          </Button>
        </p>
      </form>
      <Preview
        name={draft.name.trim() || view.name}
        accent={parseAccent(draft.accent)}
        logo={shown}
      />
    </div>
  );
}

function Outcome({ trying }: { readonly trying: Trying }) {
  if (trying.kind === "saved") {
    return (
      <Notice tone="good" icon="check" role="status">
        {say("look.saved")}
      </Notice>
    );
  }
  if (trying.kind !== "failed" || fieldOf(trying.failure) !== null) return null;
  return (
    <Notice tone="bad" icon="alert" role="alert">
      {failureText(trying.failure)}
    </Notice>
  );
}

function fieldOf(failure: Failure | null): "name" | "accent" | null {
  const param = failure?.kind === "refused" ? failure.param : null;
  return param === "name" || param === "accent" ? param : null;
}

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly trying: Trying;
}

/** What is wrong with the name, in words, or null. */
function nameError(draft: Draft, trying: Trying): string | null {
  const fault = trying.kind === "checked" ? nameFault(draft.name) : null;
  if (fault !== null) return say(`look.name.${fault}`);
  return trying.kind === "failed" && fieldOf(trying.failure) === "name"
    ? say("look.name.odd")
    : null;
}

function accentError(draft: Draft, trying: Trying): string | null {
  const wrong =
    trying.kind === "checked"
      ? !isAccent(draft.accent)
      : trying.kind === "failed" && fieldOf(trying.failure) === "accent";
  return wrong ? say("look.accentBad") : null;
}

function Fields({ draft, change, trying }: FieldsProps) {
  const accent = parseAccent(draft.accent);
  const faint = accent === null ? [] : faintOn(accent);
  return (
    <>
      <Field
        label={say("look.name")}
        type="text"
        name="name"
        autocomplete="organization"
        hint={say("look.nameHint")}
        value={draft.name}
        onInput={(name) => change({ name })}
        error={nameError(draft, trying)}
      />
      <ColourField
        label={say("look.accent")}
        pick={say("look.pick")}
        name="accent"
        hint={say("look.accentHint")}
        value={draft.accent}
        shown={accent ?? LIPIA_GREEN}
        onInput={(typed) => change({ accent: typed })}
        error={accentError(draft, trying)}
      />
      {faint.map((theme) => (
        <Notice key={theme} tone="doubt" icon="alert" role="status">
          {say(`look.faint.${theme}`)}
        </Notice>
      ))}
    </>
  );
}
