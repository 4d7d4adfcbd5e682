import { useEffect, useState } from "preact/hooks";
import type { InviteAnswer, PeopleView } from "../../shared/people-api.ts";
import { rolesThatMay } from "../../shared/permissions.ts";
import { say } from "../dictionary/words.ts";
import { listen } from "../live.ts";
import { can } from "../session.ts";
import { Blank } from "../ui/blank.tsx";
import { Button } from "../ui/button.tsx";
import { roleList } from "./failure.tsx";
import { Loaded } from "./loaded.tsx";
import { FreshLink, Invitations } from "./people/invitations.tsx";
import { type Asking, Question } from "./people/people-dialogs.tsx";
import { PeopleList } from "./people/people-list.tsx";
import { openPeople, people } from "./people/people-store.ts";
import { RolesTable } from "./people/roles-table.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

/** Who may come in, with which role, and who is invited. */
export function PeoplePage() {
  useTitle(say("people.title"));
  return (
    <>
      <h1 class="page-title">{say("people.title")}</h1>
      <SettingsNav />
      {can("see_people") ? (
        <Content />
      ) : (
        <Blank
          icon="person"
          title={say("people.notYours")}
          text={say("problem.not_allowed", { roles: roleList(rolesThatMay("see_people")) })}
        />
      )}
    </>
  );
}

function Content() {
  useEffect(() => void openPeople(), []);
  useEffect(() => listen({ nudged: () => {}, ticked: () => void openPeople() }), []);
  return (
    <Loaded of={people.value} failed={say("people.failed")} onRetry={() => void openPeople()}>
      {(now) => <Sections view={now.view} />}
    </Loaded>
  );
}

function Sections({ view }: { readonly view: PeopleView }) {
  const [asking, setAsking] = useState<Asking>({ kind: "nothing" });
  const [fresh, setFresh] = useState<InviteAnswer | null>(null);
  return (
    <div class="settings">
      <section class="panel" aria-labelledby="people">
        <h2 id="people">{say("people.list")}</h2>
        <p class="settings-lead">{say("people.lead")}</p>
        {fresh !== null && <FreshLink fresh={fresh} onDone={() => setFresh(null)} />}
        <PeopleList people={view.people} onAsk={setAsking} />
        {can("manage_people") && (
          <p class="settings-actions">
            <Button onClick={() => setAsking({ kind: "invite" })}>{say("people.invite")}</Button>
          </p>
        )}
      </section>
      {view.invitations.length > 0 && (
        <Invitations invitations={view.invitations} onAsk={setAsking} />
      )}
      <RolesTable />
      <Question
        asking={asking}
        onInvited={setFresh}
        onClose={() => setAsking({ kind: "nothing" })}
      />
    </div>
  );
}
