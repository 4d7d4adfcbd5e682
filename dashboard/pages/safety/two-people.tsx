import { useState } from "preact/hooks";
import type { TwoPersonView } from "../../../shared/two-people-api.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { kes } from "../../format.ts";
import { can } from "../../session.ts";
import { postTwoPerson } from "../../settings-client.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/pill.tsx";
import { failureText } from "../failure.tsx";
import { openRule, takeRule } from "./rule-store.ts";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "saved" }
  | { readonly kind: "failed"; readonly failure: Failure };

const AMOUNT_MAX = 250_000;

/** From which amount two people decide by hand; owners set it. */
export function TwoPeople({ view }: { readonly view: TwoPersonView }) {
  const { from, people } = view;
  return (
    <section class="panel" aria-labelledby="two-people">
      <h2 id="two-people">{say("twoPeople.title")}</h2>
      <p class="settings-lead">{say("twoPeople.lead")}</p>
      <p>
        {from === null ? (
          <Tag tone="calm">{say("twoPeople.isOff")}</Tag>
        ) : (
          <Tag tone="good">{say("twoPeople.isOn", { amount: kes(from) })}</Tag>
        )}
      </p>
      {from !== null && people < 2 && (
        <Notice tone="doubt" icon="alert">
          {say("twoPeople.alone")}
        </Notice>
      )}
      {can("set_two_person_rule") ? (
        <RuleForm from={from} />
      ) : (
        <Notice tone="calm" icon="person">
          {say("twoPeople.ownersOnly")}
        </Notice>
      )}
    </section>
  );
}

function RuleForm({ from }: Pick<TwoPersonView, "from">) {
  const [amount, setAmount] = useState(from === null ? "" : String(from));
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const set = async (wish: number | null) => {
    if (trying.kind === "busy") return;
    setTrying({ kind: "busy" });
    const answer = await postTwoPerson(wish, from);
    if (!answer.ok) {
      setTrying({ kind: "failed", failure: answer.failure });
      void openRule();
      return;
    }
    takeRule(answer.value);
    setAmount(answer.value.from === null ? "" : String(answer.value.from));
    setTrying({ kind: "saved" });
  };
  const submit = () => {
    const typed = amount.trim();
    const fits = /^[1-9]\d{0,5}$/.test(typed) && Number(typed) <= AMOUNT_MAX;
    if (fits) void set(Number(typed));
    else setTrying({ kind: "unreadable" });
  };
  const failure = trying.kind === "failed" ? trying.failure : null;
  const ofField = failure?.kind === "refused" && failure.param === "from";
  const unreadable = trying.kind === "unreadable" ? say("twoPeople.bad") : null;
  return (
    <form
      class="form password-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div role="status">
        {trying.kind === "saved" && (
          <Notice tone="good" icon="check">
            {say("twoPeople.saved")}
          </Notice>
        )}
      </div>
      {failure !== null && !ofField && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(failure)}
        </Notice>
      )}
      <Field
        label={say("twoPeople.from")}
        type="text"
        name="from"
        autocomplete="off"
        keys="numeric"
        hint={say("twoPeople.fromHint")}
        value={amount}
        onInput={setAmount}
        error={failure !== null && ofField ? failureText(failure) : unreadable}
      />
      <p class="settings-actions">
        <Button type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
          {say(from === null ? "twoPeople.on" : "twoPeople.change")}
        </Button>
        {from !== null && (
          <Button look="quiet" onClick={() => void set(null)}>
            {say("twoPeople.off")}
          </Button>
        )}
      </p>
    </form>
  );
}
