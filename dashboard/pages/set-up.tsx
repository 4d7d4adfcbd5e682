import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { PATHS, setUpToken } from "../paths.ts";
import { setUp } from "../session.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { failureText } from "./failure.tsx";
import { Gate } from "./gate.tsx";
import { passwordProblem } from "./new-password.ts";
import { focusField, revealWords } from "./sign-in.tsx";
import { useTitle } from "./title.ts";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "checked" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** The page behind the printed link: the first owner chooses an address and a password. */
export function SetUp() {
  useTitle(say("setUp.title"));
  const [token] = useState(() => setUpToken(location.hash));
  // The token leaves the address bar at once, so that it is neither seen nor bookmarked.
  useEffect(() => history.replaceState(history.state, "", PATHS.setUp), []);
  return (
    <Gate title={say("setUp.title")} lead={say("setUp.lead")}>
      {token === null || token === "" ? <NoToken /> : <OwnerForm token={token} />}
      <p class="gate-aside">
        <a href={PATHS.payments}>{say("setUp.toSignIn")}</a>
      </p>
    </Gate>
  );
}

function NoToken() {
  return (
    <Notice tone="doubt" icon="alert">
      {say("setUp.noToken")}
    </Notice>
  );
}

function OwnerForm({ token }: { readonly token: string }) {
  const { route } = useLocation();
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const checked = trying.kind === "checked";
  const emailError = EMAIL.test(email.trim()) ? null : say("setUp.emailBad");
  const passwordError = passwordProblem(password);
  const submit = async () => {
    if (emailError !== null || passwordError !== null) {
      setTrying({ kind: "checked" });
      focusField(form.current, emailError !== null ? "email" : "password");
      return;
    }
    setTrying({ kind: "busy" });
    const failure = await setUp(token, email, password);
    if (failure === null) route(PATHS.payments, true);
    else setTrying({ kind: "failed", failure });
  };
  return (
    <form
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (trying.kind !== "busy") void submit();
      }}
    >
      {trying.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(trying.failure)}
        </Notice>
      )}
      <Field
        label={say("signIn.email")}
        type="email"
        name="email"
        autocomplete="username"
        value={email}
        onInput={setEmail}
        error={checked ? emailError : null}
      />
      <Field
        label={say("signIn.password")}
        type="password"
        name="password"
        autocomplete="new-password"
        value={password}
        onInput={setPassword}
        hint={say("setUp.passwordHint")}
        error={checked ? passwordError : null}
        reveal={revealWords()}
      />
      <Button look="main" type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
        {trying.kind === "busy" ? say("setUp.busy") : say("setUp.submit")}
      </Button>
    </form>
  );
}
