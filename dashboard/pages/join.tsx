import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ReadInvitationAnswer } from "../../shared/people-api.ts";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { moment } from "../format.ts";
import { PATHS, setUpToken } from "../paths.ts";
import { readInvitation } from "../people-client.ts";
import { join, session } from "../session.ts";
import { Button } from "../ui/button.tsx";
import { Facts } from "../ui/facts.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { SkeletonBlocks } from "../ui/skeleton.tsx";
import { failureText } from "./failure.tsx";
import { Gate } from "./gate.tsx";
import { passwordProblem } from "./new-password.ts";
import { focusField, revealWords } from "./sign-in.tsx";
import { useTitle } from "./title.ts";

type Reading =
  | { readonly kind: "loading" }
  | { readonly kind: "no_token" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly invitation: ReadInvitationAnswer };

/** The page behind an invitation's link: who is invited chooses a password and is in. */
export function Join() {
  useTitle(say("join.title"));
  const [token] = useState(() => setUpToken(location.hash) ?? "");
  const [reading, setReading] = useState<Reading>({ kind: "loading" });
  // The token leaves the address bar at once, so that it is neither seen nor bookmarked.
  useEffect(() => history.replaceState(history.state, "", PATHS.join), []);
  const read = async () => {
    if (token === "") return setReading({ kind: "no_token" });
    setReading({ kind: "loading" });
    const answer = await readInvitation(token);
    setReading(
      answer.ok
        ? { kind: "ready", invitation: answer.value }
        : { kind: "failed", failure: answer.failure },
    );
  };
  useEffect(() => void read(), []);
  const shop = reading.kind === "ready" ? reading.invitation.merchantName : null;
  return (
    <Gate
      title={say("join.title")}
      lead={shop === null ? say("join.leadAny") : say("join.lead", { shop })}
    >
      <Content reading={reading} token={token} onRetry={() => void read()} />
      <p class="gate-aside">
        <a href={PATHS.payments}>{say("setUp.toSignIn")}</a>
      </p>
    </Gate>
  );
}

interface ContentProps {
  readonly reading: Reading;
  readonly token: string;
  readonly onRetry: () => void;
}

function Content({ reading, token, onRetry }: ContentProps) {
  switch (reading.kind) {
    case "loading":
      return <SkeletonBlocks label={say("app.loading")} />;
    case "no_token":
      return (
        <Notice tone="doubt" icon="alert" role="alert">
          {say("join.noToken")}
        </Notice>
      );
    case "failed":
      return (
        <>
          <Notice tone="bad" icon="alert" role="alert">
            {failureText(reading.failure)}
          </Notice>
          {reading.failure.kind === "unreachable" && (
            <Button onClick={onRetry}>{say("problem.retry")}</Button>
          )}
        </>
      );
    case "ready":
      return <JoinForm invitation={reading.invitation} token={token} />;
  }
}

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "checked" }
  | { readonly kind: "failed"; readonly failure: Failure };

function JoinForm({
  invitation,
  token,
}: {
  readonly invitation: ReadInvitationAnswer;
  readonly token: string;
}) {
  const { route } = useLocation();
  const form = useRef<HTMLFormElement>(null);
  const [password, setPassword] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const weak = passwordProblem(password);
  const submit = async () => {
    if (weak !== null) {
      setTrying({ kind: "checked" });
      focusField(form.current, "password");
      return;
    }
    setTrying({ kind: "busy" });
    const failure = await join(token, password);
    if (failure === null) route(PATHS.payments, true);
    else setTrying({ kind: "failed", failure });
  };
  const { email, role, expiresAt } = invitation;
  const now = session.value;
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
      {now.kind === "in" && (
        <Notice tone="doubt" icon="person">
          {say("join.asOther", { email: now.view.user.email })}
        </Notice>
      )}
      <Facts
        facts={[
          { name: say("signIn.email"), value: email },
          { name: say("people.role"), value: say(`role.${role}`) },
          { name: say("join.goodUntil"), value: moment(expiresAt, Date.now()) },
        ]}
      />
      <p class="soft">{say(`roleHelp.${role}`)}</p>
      {trying.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(trying.failure)}
        </Notice>
      )}
      <Field
        label={say("join.password")}
        type="password"
        name="password"
        autocomplete="new-password"
        value={password}
        onInput={setPassword}
        hint={say("setUp.passwordHint")}
        error={trying.kind === "checked" ? weak : null}
        reveal={revealWords()}
      />
      <Button look="main" type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
        {trying.kind === "busy" ? say("setUp.busy") : say("join.submit")}
      </Button>
    </form>
  );
}
