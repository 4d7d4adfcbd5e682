/** The people who may sign in: who they are, another role, removal, and signing them out. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import {
  type InvitationView,
  type PeopleView,
  type PersonView,
  removePersonRequest,
  roleRequest,
} from "../../shared/people-api.ts";
import { mayManage, USER_ROLES, type UserRole } from "../../shared/permissions.ts";
import type { Instant, UserId } from "../core/payment.ts";
import { endSessionsOf, type SessionEndDeps } from "../flows/end-sessions.ts";
import { changeRole, type PersonOutcome, removePerson } from "../flows/manage-people.ts";
import type { Invitation, Person, User } from "../ports.ts";
import type { AskPassword } from "./confirmation.ts";
import { onlyFor } from "./dashboard-guard.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { noBody } from "./no-body.ts";
import type { Problem } from "./problem.ts";
import { type Answer, ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface PersonRouteDeps extends SessionDeps, SessionEndDeps {
  readonly askPassword: AskPassword;
}

const NO_SUCH_PERSON: Problem = {
  status: 404,
  type: "not_found",
  code: "person_not_found",
  message: "there is no such person; they may have been removed already",
};
const YOURSELF: Problem = {
  status: 409,
  type: "conflict",
  code: "yourself",
  message: "nobody changes their own role or removes themselves; ask another owner",
};
const STALE: Problem = {
  status: 409,
  type: "conflict",
  code: "stale",
  message: "somebody changed this meanwhile; the page shows it as it is now, so look again",
};
const LAST_OWNER: Problem = {
  status: 409,
  type: "conflict",
  code: "last_owner",
  message: "this is the last owner; make somebody else an owner first",
};

export function personRoutes(deps: PersonRouteDeps): Router {
  const router = Router();
  router.get(
    pathOf(ROUTES.dashboardPeople),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await peopleView(deps, session.user));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardPersonRole),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(roleRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const problem = await deps.askPassword(session.user, request.value.password, req);
      if (problem !== null) return problem;
      const id = String(req.params.id) as UserId;
      return answerTo(deps, session.user, await changeRole(deps, session.user, id, request.value));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardRemovePerson),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(removePersonRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { was, password } = request.value;
      const problem = await deps.askPassword(session.user, password, req);
      if (problem !== null) return problem;
      const id = String(req.params.id) as UserId;
      return answerTo(deps, session.user, await removePerson(deps, session.user, id, was));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardSignPersonOut),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const person = await deps.people.personById(String(req.params.id) as UserId);
      if (person === null) return refuse(NO_SUCH_PERSON);
      const own = person.id === session.user.id;
      await endSessionsOf(deps, person.id, own ? session.idHash : null, session.user.id);
      return ok(await peopleView(deps, session.user));
    }),
  );
  return router;
}

async function answerTo(
  deps: PersonRouteDeps,
  actor: User,
  outcome: PersonOutcome,
): Promise<Answer> {
  switch (outcome.kind) {
    case "done":
      return ok(await peopleView(deps, actor));
    case "unknown":
      return refuse(NO_SUCH_PERSON);
    case "yourself":
      return refuse(YOURSELF);
    case "above":
      return refuse(aboveYou(outcome.role));
    case "stale":
      return refuse(STALE);
    case "last_owner":
      return refuse(LAST_OWNER);
  }
}

/** 403 for who reaches above their own role. */
export function aboveYou(role: UserRole): Problem {
  return onlyFor(USER_ROLES.filter((one) => mayManage(one, role)));
}

/** Everybody who may come in, as `viewer` may see them. */
export async function peopleView(
  { people, clock }: Pick<PersonRouteDeps, "people" | "clock">,
  viewer: User,
): Promise<PeopleView> {
  const [everybody, invitations] = await Promise.all([
    people.everybody(),
    people.invitations(clock.now()),
  ]);
  return {
    people: everybody.map((person) => personView(person, viewer)),
    invitations: invitations.map(invitationView),
  };
}

function personView(person: Person, viewer: User): PersonView {
  const { id, email, role, createdAt, lastSeenAt } = person;
  return {
    id,
    email,
    role,
    createdAt: new Date(createdAt).toISOString(),
    lastSeenAt: lastSeenAt === null ? null : toTheHour(lastSeenAt),
    isYou: id === viewer.id,
  };
}

function invitationView({ id, email, role, createdAt, expiresAt }: Invitation): InvitationView {
  const [made, ends] = [createdAt, expiresAt].map((at) => new Date(at).toISOString());
  return { id, email, role, createdAt: made ?? "", expiresAt: ends ?? "" };
}

const HOUR_MS = 3_600_000;

/** When somebody was here is told no finer than others need it. */
export function toTheHour(at: Instant): string {
  return new Date(Math.floor(at / HOUR_MS) * HOUR_MS).toISOString();
}
