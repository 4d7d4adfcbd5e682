/** A person's own safety: proving it is them once more, and the second factor that is typed. */
import { type Request, Router } from "express";
import { encode } from "uqr";
import { ROUTES } from "../../shared/api.ts";
import {
  type FactorBegun,
  factorConfirmRequest,
  factorOffRequest,
  type RecoveryCodes,
  type StepUpRequest,
  stepUpRequest,
} from "../../shared/security-api.ts";
import type { UserId } from "../core/payment.ts";
import { base32 } from "../flows/base32.ts";
import { type ProofKind, type ProveDeps, provePerson } from "../flows/prove-person.ts";
import {
  beginFactor,
  confirmFactor,
  endFactor,
  type FactorDeps,
  hasSecondFactor,
  renewRecoveryCodes,
} from "../flows/second-factor.ts";
import type { Place } from "../flows/sign-in-throttle.ts";
import { otpauthUri } from "../flows/totp.ts";
import { proveByPasskey, type UsePasskeyDeps } from "../flows/use-passkey.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { knownDevice } from "./known-devices.ts";
import { noBody } from "./no-body.ts";
import { passkeyProblem } from "./passkey-problems.ts";
import { type Problem, tooManyTries } from "./problem.ts";
import { type Answer, ok, parse, refuse, route } from "./route.ts";
import { type SecurityViewDeps, securityView } from "./security-view.ts";
import type { SessionDeps, SignedIn } from "./sessions.ts";

export interface SecurityDeps
  extends SessionDeps,
    ProveDeps,
    FactorDeps,
    UsePasskeyDeps,
    SecurityViewDeps {
  readonly factors: FactorDeps["factors"];
  readonly publicUrl: string;
  readonly people: UsePasskeyDeps["people"];
  readonly seal: FactorDeps["seal"];
  readonly merchantName: () => Promise<string>;
}

const FACTOR_ON: Problem = {
  status: 409,
  type: "conflict",
  code: "factor_on",
  message: "your second factor is on already; switch it off first",
};
const FACTOR_OFF: Problem = {
  status: 409,
  type: "conflict",
  code: "factor_off",
  message: "you have no second factor; begin again",
};

/** Quiet zone of a QR code, in modules (ISO/IEC 18004 §5.3.8). */
const QUIET_MODULES = 4;

/** Every route is about the person who asks, and no one else. */
export function securityRoutes(deps: SecurityDeps): Router {
  const router = Router();
  router.post(
    pathOf(ROUTES.dashboardStepUp),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(stepUpRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const refused = await unproved(deps, session, request.value, req);
      if (refused !== null) return refused;
      await deps.people.proveSession(session.idHash, deps.clock.now());
      return { status: 204, body: null };
    }),
  );
  router.get(
    pathOf(ROUTES.dashboardSecurity),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await securityView(deps, session.user.id));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardFactorBegin),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const secret = await beginFactor(deps, session.user.id);
      return secret === null
        ? refuse(FACTOR_ON)
        : ok(await begun(deps, secret, session.user.email));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardFactorConfirm),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(factorConfirmRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const outcome = await confirmFactor(deps, session.user.id, request.value.code);
      switch (outcome.kind) {
        case "on":
          return codesAnswer(deps, session.user.id, outcome.recoveryCodes);
        case "wrong":
          return refuse(wrongProof("code"));
        case "nothing_begun":
          return refuse(FACTOR_OFF);
      }
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardRecoveryCodes),
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const { id } = session.user;
      if (!(await hasSecondFactor(deps.factors, id))) return refuse(FACTOR_OFF);
      return codesAnswer(deps, id, await renewRecoveryCodes(deps, id));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardFactorOff),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(factorOffRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const outcome = await endFactor(
        deps,
        session.user,
        request.value,
        placeOf(deps, req, session.user.email),
      );
      switch (outcome.kind) {
        case "off":
          return ok(await securityView(deps, session.user.id));
        case "was_off":
          return refuse(FACTOR_OFF);
        case "wrong":
          return refuse(wrongProof(outcome.what));
        case "throttled":
          return refuse(tooManyTries(outcome.retryAfterSeconds));
      }
    }),
  );
  return router;
}

function placeOf(deps: SecurityDeps, req: Request, email: string): Place {
  return { address: req.ip ?? "", device: knownDevice(deps, req.headers.cookie, email) };
}

/** Null when the person proved it, else what to answer. */
async function unproved(
  deps: SecurityDeps,
  session: SignedIn,
  { passkey, ...typed }: StepUpRequest,
  req: Request,
): Promise<Answer | null> {
  const { user } = session;
  const place = placeOf(deps, req, user.email);
  const outcome =
    passkey === undefined
      ? await provePerson(deps, user, typed, place)
      : await proveByPasskey(deps, session, passkey, place);
  switch (outcome.kind) {
    case "proved":
      return null;
    case "wanted":
      return refuse(proofMissing(outcome.what));
    case "wrong":
      return refuse(wrongProof(outcome.what));
    case "late":
    case "unknown":
    case "copied":
      return refuse(passkeyProblem(outcome.kind));
    case "throttled":
      return refuse(tooManyTries(outcome.retryAfterSeconds));
  }
}

function proofMissing(what: ProofKind): Problem {
  const message = what === "code" ? "enter a code of your second factor" : "enter your password";
  return { status: 422, type: "invalid_request", code: "proof_missing", message, param: what };
}

/** 422 beside the field, for the password as for the code. */
function wrongProof(what: ProofKind): Problem {
  const message =
    what === "code"
      ? "this code is not right, or it was used already"
      : "this is not your password";
  const code = what === "code" ? "wrong_code" : "wrong_password";
  return { status: 422, type: "invalid_request", code, message, param: what };
}

async function begun(deps: SecurityDeps, secret: Buffer, email: string): Promise<FactorBegun> {
  const uri = otpauthUri(secret, await deps.merchantName(), email);
  const { data } = encode(uri, { border: QUIET_MODULES });
  const qr = data.map((row) => row.map((dark) => (dark ? "1" : "0")).join(""));
  return { secret: base32(secret), uri, qr };
}

async function codesAnswer(
  deps: SecurityDeps,
  userId: UserId,
  codes: readonly string[],
): Promise<Answer> {
  const view = await securityView(deps, userId);
  return ok({ recoveryCodes: [...codes], view } satisfies RecoveryCodes);
}
