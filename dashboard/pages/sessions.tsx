import { useEffect, useState } from "preact/hooks";
import type { SessionEntry, SessionList } from "../../shared/people-api.ts";
import type { Answer, Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { hourMoment, moment } from "../format.ts";
import { listen } from "../live.ts";
import { postEndOtherSessions, postEndSession } from "../people-client.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { Tag } from "../ui/pill.tsx";
import { failureText } from "./failure.tsx";
import { Loaded } from "./loaded.tsx";
import { ChangePassword } from "./sessions/change-password.tsx";
import { Passkeys } from "./sessions/passkeys.tsx";
import { RecoveryCodesPanel } from "./sessions/recovery-codes.tsx";
import { SecondFactor } from "./sessions/second-factor.tsx";
import { openSessions, sessions, takeSessions } from "./sessions/sessions-store.ts";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

/** Where one is signed in, and one's password. */
export function SessionsPage() {
  useTitle(say("sessions.title"));
  useEffect(() => void openSessions(), []);
  useEffect(() => listen({ nudged: () => {}, ticked: () => void openSessions() }), []);
  return (
    <>
      <h1 class="page-title">{say("sessions.title")}</h1>
      <SettingsNav />
      <Content />
    </>
  );
}

function Content() {
  return (
    <Loaded of={sessions.value} failed={say("sessions.failed")} onRetry={() => void openSessions()}>
      {(now) => (
        <div class="settings">
          <Sessions list={now.list.sessions} />
          <Passkeys />
          <SecondFactor />
          <RecoveryCodesPanel />
          <ChangePassword />
        </div>
      )}
    </Loaded>
  );
}

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly failure: Failure };

function Sessions({ list }: { readonly list: readonly SessionEntry[] }) {
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const end = async (send: () => Promise<Answer<SessionList>>) => {
    if (trying.kind === "busy") return;
    setTrying({ kind: "busy" });
    const answer = await send();
    if (answer.ok) {
      takeSessions(answer.value);
      setTrying({ kind: "ended" });
      return;
    }
    setTrying({ kind: "failed", failure: answer.failure });
    void openSessions();
  };
  return (
    <section class="panel" aria-labelledby="sessions">
      <h2 id="sessions">{say("sessions.list")}</h2>
      <p class="settings-lead">{say("sessions.lead")}</p>
      <p class="unseen" role="status">
        {trying.kind === "ended" ? say("sessions.ended") : ""}
      </p>
      {trying.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(trying.failure)}
        </Notice>
      )}
      <ul class="people">
        {list.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            onEnd={() => void end(() => postEndSession(session.id))}
          />
        ))}
      </ul>
      {list.length > 1 && (
        <p class="settings-actions">
          <Button
            state={trying.kind === "busy" ? "busy" : "ready"}
            onClick={() => void end(postEndOtherSessions)}
          >
            {say("sessions.endOthers")}
          </Button>
        </p>
      )}
    </section>
  );
}

interface SessionRowProps {
  readonly session: SessionEntry;
  readonly onEnd: () => void;
}

function SessionRow({ session, onEnd }: SessionRowProps) {
  const now = Date.now();
  const device = session.device ?? say("sessions.unknownDevice");
  const since = moment(session.createdAt, now);
  return (
    <li>
      <div class="people-words">
        <p class="people-name">
          <strong>{device}</strong>
          {session.isThis && <Tag tone="good">{say("sessions.this")}</Tag>}
        </p>
        <p class="soft">
          {say("sessions.since", { when: since })}{" "}
          {say("sessions.used", { when: hourMoment(session.lastUsedAt, now) })}
        </p>
      </div>
      {!session.isThis && (
        <div class="people-doings">
          <Button
            look="quiet"
            label={say("sessions.endNamed", { device, when: since })}
            onClick={onEnd}
          >
            {say("sessions.end")}
          </Button>
        </div>
      )}
    </li>
  );
}
