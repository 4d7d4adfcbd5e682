import { useState } from "preact/hooks";
import type {
  InvitationView,
  InviteAnswer,
  PeopleView,
  PersonView,
} from "../../../shared/people-api.ts";
import { mayManage, USER_ROLES, type UserRole } from "../../../shared/permissions.ts";
import { say } from "../../dictionary/words.ts";
import {
  postInvitation,
  postRemovePerson,
  postRevokeInvitation,
  postRole,
  postSignPersonOut,
} from "../../people-client.ts";
import { ownRole } from "../../session.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { ConfirmForm } from "../confirm-form.tsx";
import { failureText } from "../failure.tsx";
import { openPeople, takePeople } from "./people-store.ts";

export type Asking =
  | { readonly kind: "nothing" }
  | { readonly kind: "invite" }
  | { readonly kind: "role" | "remove" | "sign_out"; readonly person: PersonView }
  | { readonly kind: "revoke"; readonly invitation: InvitationView };

interface QuestionProps {
  readonly asking: Asking;
  readonly onInvited: (answer: InviteAnswer) => void;
  readonly onClose: () => void;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The question that stands open over the page, if one does. */
export function Question({ asking, onInvited, onClose }: QuestionProps) {
  const shared = { onClose, onFailed: () => void openPeople() };
  const done = (view: PeopleView) => {
    takePeople(view);
    onClose();
  };
  switch (asking.kind) {
    case "nothing":
      return null;
    case "invite":
      return <Invite {...shared} onInvited={onInvited} />;
    case "role":
      return <ChangeRole {...shared} person={asking.person} onDone={done} />;
    case "remove": {
      const { id, email, role } = asking.person;
      return (
        <Dialog title={say("people.removeNamed", { email })} onClose={onClose}>
          <ConfirmForm
            {...shared}
            ask="password"
            submit={say("people.remove")}
            send={(password) => postRemovePerson(id, role, password)}
            onDone={done}
          >
            <p>{say("people.removeText")}</p>
          </ConfirmForm>
        </Dialog>
      );
    }
    case "sign_out": {
      const { id, email } = asking.person;
      return (
        <Dialog title={say("people.signOutNamed", { email })} onClose={onClose}>
          <ConfirmForm
            {...shared}
            ask="nothing"
            submit={say("people.signOut")}
            send={() => postSignPersonOut(id)}
            onDone={done}
          >
            <p>{say("people.signOutText")}</p>
          </ConfirmForm>
        </Dialog>
      );
    }
    case "revoke": {
      const { id, email } = asking.invitation;
      return (
        <Dialog title={say("people.revokeNamed", { email })} onClose={onClose}>
          <ConfirmForm
            {...shared}
            ask="nothing"
            submit={say("keys.revoke")}
            send={() => postRevokeInvitation(id)}
            onDone={done}
          >
            <p>{say("people.revokeText")}</p>
          </ConfirmForm>
        </Dialog>
      );
    }
  }
}

interface InviteProps {
  readonly onInvited: (answer: InviteAnswer) => void;
  readonly onFailed: () => void;
  readonly onClose: () => void;
}

function Invite({ onInvited, onFailed, onClose }: InviteProps) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<UserRole>("operator");
  const [error, setError] = useState<string | null>(null);
  const check = () => {
    const right = EMAIL.test(email.trim());
    setError(right ? null : say("setUp.emailBad"));
    return right;
  };
  return (
    <Dialog title={say("people.invite")} onClose={onClose}>
      <ConfirmForm
        ask="password"
        submit={say("people.makeLink")}
        fields={["email"]}
        check={check}
        send={(password) => postInvitation(email, role, password)}
        onDone={(answer) => {
          takePeople(answer.people);
          onInvited(answer);
          onClose();
        }}
        onFailed={(failure) => {
          if (failure.kind === "refused" && failure.param === "email") {
            setError(failureText(failure));
          }
          onFailed();
        }}
        onClose={onClose}
      >
        <Field
          label={say("signIn.email")}
          type="email"
          name="email"
          autocomplete="off"
          value={email}
          onInput={setEmail}
          error={error}
        />
        <RoleChoice role={role} onChange={setRole} />
      </ConfirmForm>
    </Dialog>
  );
}

interface ChangeRoleProps {
  readonly person: PersonView;
  readonly onDone: (view: PeopleView) => void;
  readonly onFailed: () => void;
  readonly onClose: () => void;
}

function ChangeRole({ person, ...rest }: ChangeRoleProps) {
  const { id, email } = person;
  const [was] = useState(person.role);
  const [role, setRole] = useState<UserRole>(was);
  return (
    <Dialog title={say("people.changeRoleNamed", { email })} onClose={rest.onClose}>
      <ConfirmForm
        {...rest}
        ask="password"
        submit={say("people.giveRole")}
        send={(password) => postRole(id, was, role, password)}
      >
        <RoleChoice role={role} onChange={setRole} />
      </ConfirmForm>
    </Dialog>
  );
}

/** The roles that this person may give, and in a sentence what the chosen one is for. */
function RoleChoice({
  role,
  onChange,
}: {
  readonly role: UserRole;
  readonly onChange: (role: UserRole) => void;
}) {
  const own = ownRole();
  const given = USER_ROLES.filter((one) => own !== null && mayManage(own, one));
  return (
    <>
      <Segmented
        label={say("people.role")}
        value={role}
        options={given.map((value) => ({ value, word: say(`role.${value}`) }))}
        onChange={onChange}
      />
      <p class="soft">{say(`roleHelp.${role}`)}</p>
    </>
  );
}
