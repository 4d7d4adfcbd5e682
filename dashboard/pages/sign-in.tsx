import { useRef, useState } from "preact/hooks";
import type { FactorKind } from "../../shared/passkey-rules.ts";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { passkeysFit } from "../passkeys.ts";
import { type Session, signIn, signInByPasskey } from "../session.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { failureText } from "./failure.tsx";
import { Gate } from "./gate.tsx";
import { Or, PasskeyButton } from "./passkey-button.tsx";
import { SignInCode } from "./sign-in-code.tsx";
import { useTitle } from "./title.ts";

type Why = Extract<Session, { kind: "out" }>["why"];
type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "incomplete" }
  /** The password is right; a second factor is wanted as well. */
  | { readonly kind: "code_wanted"; readonly factors: readonly FactorKind[] }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Signs in where the person is: the address stays, so the page they wanted follows. */
export function SignIn({ why }: { readonly why: Why }) {
  useTitle(say("signIn.title"));
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const incomplete = trying.kind === "incomplete";
  const submit = async () => {
    if (email.trim() === "" || password === "") {
      setTrying({ kind: "incomplete" });
      focusField(form.current, email.trim() === "" ? "email" : "password");
      return;
    }
    setTrying({ kind: "busy" });
    const failure = await signIn(email, password);
    if (failure === null) return;
    if (failure.kind === "refused" && failure.code === "code_wanted") {
      setTrying({ kind: "code_wanted", factors: failure.factors });
      return;
    }
    setTrying({ kind: "failed", failure });
    focusField(form.current, "password");
  };
  if (trying.kind === "code_wanted") {
    const back = () => {
      setPassword("");
      setTrying({ kind: "ready" });
    };
    return (
      <Gate title={say("signIn.codeTitle")} lead={email}>
        <SignInCode
          factors={trying.factors}
          send={(code) => signIn(email, password, code)}
          onBack={back}
        />
      </Gate>
    );
  }
  return (
    <Gate title={say("signIn.title")} lead={say("signIn.lead")}>
      <WhyHere why={why} />
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
          error={incomplete && email.trim() === "" ? say("signIn.emailMissing") : null}
        />
        <Field
          label={say("signIn.password")}
          type="password"
          name="password"
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
          error={incomplete && password === "" ? say("signIn.passwordMissing") : null}
          reveal={revealWords()}
        />
        <Button look="main" type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
          {trying.kind === "busy" ? say("signIn.busy") : say("signIn.submit")}
        </Button>
      </form>
      {passkeysFit() && (
        <>
          <Or />
          <PasskeyButton look="plain" run={signInByPasskey} />
        </>
      )}
    </Gate>
  );
}

function WhyHere({ why }: { readonly why: Why }) {
  switch (why) {
    case "first":
      return null;
    case "fresh":
      return (
        <Notice tone="wait" icon="person" role="status">
          {say("signIn.fresh")}
        </Notice>
      );
    case "ended":
      return (
        <Notice tone="doubt" icon="clock" role="status">
          {say("signIn.ended")}
        </Notice>
      );
    case "left":
      return (
        <Notice tone="good" icon="check" role="status">
          {say("signIn.left")}
        </Notice>
      );
  }
}

/** Words of the button that makes a password readable. */
export function revealWords() {
  return {
    show: say("signIn.show"),
    hide: say("signIn.hide"),
    name: say("signIn.showPassword"),
  };
}

/** Puts the cursor where something is to be mended. */
export function focusField(form: HTMLFormElement | null, name: string): void {
  const field = form?.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.focus();
}
