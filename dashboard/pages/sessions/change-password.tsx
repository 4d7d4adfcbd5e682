import { useRef, useState } from "preact/hooks";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { postPassword } from "../../people-client.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { failureText } from "../failure.tsx";
import { passwordProblem } from "../new-password.ts";
import { focusField, revealWords } from "../sign-in.tsx";
import { takeSessions } from "./sessions-store.ts";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "checked" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Another password for oneself: the old one is asked for, and other sessions end. */
export function ChangePassword() {
  const form = useRef<HTMLFormElement>(null);
  const [password, setPassword] = useState("");
  const [next, setNext] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const missing = password === "" ? say("signIn.passwordMissing") : null;
  const weak = passwordProblem(next);
  const submit = async () => {
    if (missing !== null || weak !== null) {
      setTrying({ kind: "checked" });
      focusField(form.current, missing !== null ? "password" : "next");
      return;
    }
    setTrying({ kind: "busy" });
    const answer = await postPassword(password, next);
    if (!answer.ok) {
      setTrying({ kind: "failed", failure: answer.failure });
      focusField(form.current, "password");
      return;
    }
    takeSessions(answer.value);
    setPassword("");
    setNext("");
    setTrying({ kind: "done" });
  };
  const failure = trying.kind === "failed" ? trying.failure : null;
  const wrong = failure?.kind === "refused" && failure.param === "password";
  return (
    <section class="panel" aria-labelledby="password">
      <h2 id="password">{say("password.title")}</h2>
      <p class="settings-lead">{say("password.lead")}</p>
      {trying.kind === "done" && (
        <Notice tone="good" icon="check" role="status">
          {say("password.done")}
        </Notice>
      )}
      {failure !== null && !wrong && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(failure)}
        </Notice>
      )}
      <form
        ref={form}
        class="form password-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (trying.kind !== "busy") void submit();
        }}
      >
        <Field
          label={say("password.old")}
          type="password"
          name="password"
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
          error={
            failure !== null && wrong
              ? failureText(failure)
              : trying.kind === "checked"
                ? missing
                : null
          }
          reveal={revealWords()}
        />
        <Field
          label={say("password.new")}
          type="password"
          name="next"
          autocomplete="new-password"
          value={next}
          onInput={setNext}
          hint={say("setUp.passwordHint")}
          error={trying.kind === "checked" ? weak : null}
          reveal={revealWords()}
        />
        <p class="settings-actions">
          <Button type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
            {say("password.submit")}
          </Button>
        </p>
      </form>
    </section>
  );
}
