/** Passkeys: signing in with one, proving oneself with one, and a person's own list of them. */
import { type Request, Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import {
  addPasskeyRequest,
  namePasskeyRequest,
  passkeySignInRequest,
  removePasskeyRequest,
} from "../../shared/passkey-api.ts";
import { PASSKEYS_MAX } from "../../shared/passkey-rules.ts";
import type { RecoveryCodes } from "../../shared/security-api.ts";
import {
  type AddPasskeyDeps,
  addPasskey,
  beginPasskey,
  namePasskey,
  type PasskeyAdded,
  removePasskey,
} from "../flows/add-passkey.ts";
import { passkeyPlaceOf } from "../flows/passkey-party.ts";
import {
  askForProof,
  signInAsker,
  signInByPasskey,
  type UsePasskeyDeps,
} from "../flows/use-passkey.ts";
import type { AskPassword } from "./confirmation.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { type EnteringDeps, enter } from "./entering.ts";
import { knownDevice } from "./known-devices.ts";
import { noBody } from "./no-body.ts";
import { passkeyProblem } from "./passkey-problems.ts";
import { type Problem, tooManyTries } from "./problem.ts";
import { type Answer, ok, parse, refuse, route } from "./route.ts";
import { securityView } from "./security-view.ts";

export interface PasskeyRouteDeps extends AddPasskeyDeps, UsePasskeyDeps, EnteringDeps {
  readonly people: EnteringDeps["people"];
  readonly publicUrl: string;
  readonly merchantName: () => Promise<string>;
  readonly askPassword: AskPassword;
}

const NO_SUCH_PASSKEY: Problem = {
  status: 404,
  type: "not_found",
  code: "passkey_not_found",
  message: "there is no such passkey of yours; it may have been removed already",
};
const NO_PASSKEY: Problem = {
  status: 409,
  type: "conflict",
  code: "passkey_not_found",
  message: "you have no passkey; use a code of your second factor",
};

export function passkeyRoutes(deps: PasskeyRouteDeps): Router {
  const router = Router();
  enteringRoutes(router, deps);
  router.post(
    pathOf(ROUTES.dashboardPasskeyStepUp),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const question = await askForProof(deps, session);
      return question === null ? refuse(NO_PASSKEY) : ok(question);
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardPasskeyBegin),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      if (passkeyPlaceOf(deps.publicUrl).kind !== "host") return refuse(passkeyProblem("nowhere"));
      return ok(await beginPasskey(deps, session));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardPasskeyAdd),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(addPasskeyRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { name, passkey } = request.value;
      const outcome = await addPasskey(deps, session, name, passkey);
      if (outcome.kind !== "added") return refuse(notAdded(outcome));
      const view = await securityView(deps, session.user.id);
      return ok({ recoveryCodes: [...outcome.recoveryCodes], view } satisfies RecoveryCodes);
    }),
  );
  ownRoutes(router, deps);
  return router;
}

/** For whoever stands in front of the door. */
function enteringRoutes(router: Router, deps: PasskeyRouteDeps): void {
  const ask = signInAsker(deps);
  router.post(
    pathOf(ROUTES.dashboardPasskeyAsk),
    noBody,
    route(async (req) => {
      if (passkeyPlaceOf(deps.publicUrl).kind !== "host") return refuse(passkeyProblem("nowhere"));
      const outcome = await ask(req.ip ?? "");
      return outcome.kind === "asked"
        ? ok(outcome.asked)
        : refuse(tooManyTries(outcome.retryAfterSeconds));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardPasskeySignIn),
    route(async (req, res) => {
      const request = parse(passkeySignInRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const outcome = await signInByPasskey(deps, request.value, (email) => ({
        address: req.ip ?? "",
        device: knownDevice(deps, req.headers.cookie, email),
      }));
      switch (outcome.kind) {
        case "signed_in":
          return enter(deps, req, res, outcome.user);
        case "throttled":
          return refuse(tooManyTries(outcome.retryAfterSeconds));
        default:
          return refuse(passkeyProblem(outcome.kind));
      }
    }),
  );
}

function ownRoutes(router: Router, deps: PasskeyRouteDeps): void {
  router.post(
    pathOf(ROUTES.dashboardPasskeyName),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(namePasskeyRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { id } = session.user;
      const outcome = await namePasskey(deps, id, idIn(req), request.value.name);
      return outcome === "unknown" ? refuse(NO_SUCH_PASSKEY) : ok(await securityView(deps, id));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardPasskeyRemove),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(removePasskeyRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const refused: Answer | null = await deps.askPassword(
        session.user,
        request.value.password,
        req,
      );
      if (refused !== null) return refused;
      const { id } = session.user;
      const outcome = await removePasskey(deps, id, idIn(req));
      return outcome === "unknown" ? refuse(NO_SUCH_PASSKEY) : ok(await securityView(deps, id));
    }),
  );
}

function idIn(req: Request): string {
  return String(req.params.id);
}

function notAdded({ kind }: Exclude<PasskeyAdded, { kind: "added" }>): Problem {
  switch (kind) {
    case "late":
    case "unfit":
      return passkeyProblem(kind);
    case "taken":
      return {
        status: 409,
        type: "conflict",
        code: "passkey_taken",
        message: "this passkey is kept here already",
      };
    case "full":
      return {
        status: 409,
        type: "conflict",
        code: "passkeys_full",
        message: `a person keeps at most ${PASSKEYS_MAX} passkeys; remove one first`,
      };
  }
}
