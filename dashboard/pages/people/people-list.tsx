import type { PersonView } from "../../../shared/people-api.ts";
import { mayManage } from "../../../shared/permissions.ts";
import { say } from "../../dictionary/words.ts";
import { hourMoment } from "../../format.ts";
import { can, ownRole } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/pill.tsx";
import type { Asking } from "./people-dialogs.tsx";

interface PeopleListProps {
  readonly people: readonly PersonView[];
  readonly onAsk: (asking: Asking) => void;
}

/** One row a person, and what may be done with them. */
export function PeopleList({ people, onAsk }: PeopleListProps) {
  return (
    <ul class="people" aria-label={say("people.list")}>
      {people.map((person) => (
        <li key={person.id}>
          <div class="people-words">
            <p class="people-name">
              <strong>{person.email}</strong>
              {person.isYou && <Tag tone="good">{say("people.you")}</Tag>}
            </p>
            <p class="soft">
              <span class="people-role">{say(`role.${person.role}`)}</span> · {seen(person)}
            </p>
          </div>
          {!person.isYou && <Doings person={person} onAsk={onAsk} />}
        </li>
      ))}
    </ul>
  );
}

function seen({ lastSeenAt }: PersonView): string {
  if (lastSeenAt === null) return say("people.neverSeen");
  return say("people.seen", { when: hourMoment(lastSeenAt, Date.now()) });
}

function Doings({
  person,
  onAsk,
}: {
  readonly person: PersonView;
  readonly onAsk: PeopleListProps["onAsk"];
}) {
  const role = ownRole();
  const manages = role !== null && mayManage(role, person.role);
  const { email } = person;
  return (
    <div class="people-doings">
      {manages && (
        <Button
          look="quiet"
          label={say("people.changeRoleNamed", { email })}
          onClick={() => onAsk({ kind: "role", person })}
        >
          {say("people.changeRole")}
        </Button>
      )}
      {can("end_sessions") && (
        <Button
          look="quiet"
          label={say("people.signOutNamed", { email })}
          onClick={() => onAsk({ kind: "sign_out", person })}
        >
          {say("people.signOut")}
        </Button>
      )}
      {manages && (
        <Button
          look="quiet"
          label={say("people.removeNamed", { email })}
          onClick={() => onAsk({ kind: "remove", person })}
        >
          {say("people.remove")}
        </Button>
      )}
    </div>
  );
}
