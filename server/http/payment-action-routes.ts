/** What a signed-in person does with one payment. Who may, the guard has asked; what is possible, the machine. */
import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import { type AskAnswer, ROUTES } from "../../shared/api.ts";
import { centsFromShillings } from "../../shared/money.ts";
import {
  confirmByHandRequest,
  failByHandRequest,
  noteRequest,
  type PaymentMessages,
  promptAgainRequest,
  reverseByHandRequest,
} from "../../shared/payment-actions-api.ts";
import { type Phone, parsePhone } from "../../shared/phone.ts";
import type { Receipt } from "../../shared/receipt.ts";
import type { Subject } from "../core/machine.ts";
import type { AttemptId, PaymentId } from "../core/payment.ts";
import type { AdvanceDeps } from "../flows/advance.ts";
import { type AskNowDeps, askNow } from "../flows/ask-now.ts";
import type { Prompted } from "../flows/prompt-customer.ts";
import type { Decision } from "../flows/resolve-by-hand.ts";
import { lastNumber } from "../flows/see-actions.ts";
import { decideByHand, type TwoPeopleDeps } from "../flows/two-people.ts";
import type { Actor, Ids, User } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { type EvidenceDeps, takeEvidence } from "./evidence-file.ts";
import { BAD_PHONE } from "./merchant-routes.ts";
import { callView, messageView } from "./messages.ts";
import { noBody } from "./no-body.ts";
import { NO_SUCH_PAYMENT, ownPayment, paymentDetail } from "./payment-detail.ts";
import { sendProblem } from "./problem.ts";
import { refusalProblem, whyNotProblem } from "./refusals.ts";
import { resolvedProblem } from "./resolved-problems.ts";
import { type Answer, ok, parse, refuse, route } from "./route.ts";
import { approvalAnswer, declineAnswer } from "./second-person.ts";
import type { SessionDeps } from "./sessions.ts";

export interface PaymentActionDeps
  extends SessionDeps,
    AdvanceDeps,
    AskNowDeps,
    EvidenceDeps,
    TwoPeopleDeps {
  readonly people: SessionDeps["people"];
  readonly payments: AdvanceDeps["payments"];
  readonly merchants: EvidenceDeps["merchants"];
  readonly merchant: EvidenceDeps["merchant"];
  readonly clock: AdvanceDeps["clock"];
  readonly ids: Ids;
  readonly prompt: (id: PaymentId, phone: Phone, by: Actor) => Promise<Prompted>;
}

/** A payment that is this merchant's own, and who acts on it. */
interface Acting {
  readonly user: User;
  readonly subject: Subject;
}

/** Every action of one payment's page. */
export function paymentActionRoutes(deps: PaymentActionDeps): Router {
  const router = Router();
  const { story } = deps;

  const acting = (act: (now: Acting, req: Request) => Promise<Answer>) =>
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const subject = await ownPayment(deps, String(req.params.id));
      return subject === null ? refuse(NO_SUCH_PAYMENT) : act({ user: session.user, subject }, req);
    });
  /** A decision by hand; the guard has asked for a fresh proof of who it is. */
  const deciding = <Body extends Basis>(schema: z.ZodType<Body>, wishOf: (body: Body) => Wish) =>
    acting(async ({ user, subject }, req) => {
      const request = parse(schema, req.body);
      if (!request.ok) return refuse(request.problem);
      const { id } = subject.payment;
      const decision: Decision = { ...wishOf(request.value), by: user };
      const done = await decideByHand(deps, subject, decision);
      return done.kind === "resolved" || done.kind === "proposed"
        ? detailAnswer(deps, id, user)
        : refuse(await resolvedProblem(deps, done));
    });

  router.post(
    pathOf(ROUTES.dashboardAsk),
    noBody,
    acting((now) => askAnswer(deps, now)),
  );
  router.post(
    pathOf(ROUTES.dashboardPrompt),
    acting((now, req) => promptAnswer(deps, now, req)),
  );
  router.post(
    pathOf(ROUTES.dashboardConfirm),
    deciding(confirmByHandRequest, (body) => ({
      action: "confirm",
      ...basisOf(body),
      ...proofOf(body),
    })),
  );
  router.post(
    pathOf(ROUTES.dashboardFail),
    deciding(failByHandRequest, (body) => ({ action: "fail", ...basisOf(body) })),
  );
  router.post(
    pathOf(ROUTES.dashboardReverse),
    deciding(reverseByHandRequest, (body) => ({
      action: "reverse",
      ...basisOf(body),
      ...proofOf(body),
    })),
  );
  router.post(
    pathOf(ROUTES.dashboardApprove),
    acting((now, req) => approvalAnswer(deps, now, req)),
  );
  router.post(
    pathOf(ROUTES.dashboardDecline),
    acting((now, req) => declineAnswer(deps, now, req)),
  );
  router.post(
    pathOf(ROUTES.dashboardNote),
    acting((now, req) => noteAnswer(deps, now, req)),
  );
  router.get(
    pathOf(ROUTES.dashboardMessages),
    acting(async ({ subject }) => {
      const { id } = subject.payment;
      const [callbacks, calls] = await Promise.all([story.callbacks(id), story.calls(id)]);
      const told = {
        messages: callbacks.map((callback) => messageView(deps.seal, callback)),
        calls: calls.map((call) => callView(deps.seal, call)),
      };
      return ok(told satisfies PaymentMessages);
    }),
  );
  router.get(pathOf(ROUTES.dashboardEvidence), (req, res) => evidenceAnswer(deps, req, res));
  return router;
}

type Basis = z.output<typeof failByHandRequest>;
type Wish = Decision extends infer D ? (D extends Decision ? Omit<D, "by"> : never) : never;

function basisOf({ attemptId, version, reason }: Basis) {
  return { attemptId: attemptId.slice("att_".length) as AttemptId, version, reason };
}

function proofOf({ receipt, amount, otherDay }: z.output<typeof confirmByHandRequest>) {
  return {
    receipt: receipt.toUpperCase() as Receipt,
    amountCents: centsFromShillings(amount),
    otherDay,
  };
}

async function detailAnswer(deps: PaymentActionDeps, id: PaymentId, user: User): Promise<Answer> {
  const detail = await paymentDetail(deps, id, user);
  return detail === null ? refuse(NO_SUCH_PAYMENT) : ok(detail);
}

async function askAnswer(deps: PaymentActionDeps, { user, subject }: Acting): Promise<Answer> {
  const { id } = subject.payment;
  const done = await askNow(deps, id, user);
  switch (done.kind) {
    case "asked":
    case "later": {
      const detail = await paymentDetail(deps, id, user);
      if (detail === null) return refuse(NO_SUCH_PAYMENT);
      return ok({ asked: done.kind, detail } satisfies AskAnswer);
    }
    case "refused":
      return refuse(whyNotProblem(done.because, done.at, deps.clock.now()));
    case "unknown_payment":
      return refuse(NO_SUCH_PAYMENT);
  }
}

async function promptAnswer(
  deps: PaymentActionDeps,
  { user, subject }: Acting,
  req: Request,
): Promise<Answer> {
  const request = parse(promptAgainRequest, req.body);
  if (!request.ok) return refuse(request.problem);
  const { phoneNumber } = request.value;
  const phone =
    phoneNumber === undefined ? await lastNumber(deps.payments, subject) : parsePhone(phoneNumber);
  if (phone === null) return refuse(BAD_PHONE);
  const prompted = await deps.prompt(subject.payment.id, phone, user);
  switch (prompted.kind) {
    case "prompted":
      return detailAnswer(deps, subject.payment.id, user);
    case "refused":
      return refuse(refusalProblem(prompted.why, prompted.now, deps.clock.now()));
    case "unknown_payment":
      return refuse(NO_SUCH_PAYMENT);
  }
}

async function noteAnswer(
  { ids, clock, story, push, ...deps }: PaymentActionDeps,
  { user, subject }: Acting,
  req: Request,
): Promise<Answer> {
  const request = parse(noteRequest, req.body);
  if (!request.ok) return refuse(request.problem);
  const { id: paymentId, environment, merchantId, version } = subject.payment;
  const at = clock.now();
  const id = ids.row("nte");
  await story.addNote(
    { id, paymentId, environment, at, userId: user.id, author: user.email, ...request.value },
    { at, actor: user.id, action: "note_added", target: paymentId, details: { noteId: id } },
  );
  push.nudge({ id: paymentId, merchantId, version });
  return detailAnswer({ ids, clock, story, push, ...deps }, paymentId, user);
}

/** The file itself, not JSON of ours: it is saved as it is. */
async function evidenceAnswer(deps: PaymentActionDeps, req: Request, res: Response): Promise<void> {
  const session = await signedIn(deps, req);
  if ("problem" in session) return sendProblem(res, session.problem);
  const subject = await ownPayment(deps, String(req.params.id));
  if (subject === null) return sendProblem(res, NO_SUCH_PAYMENT);
  const { name, bytes } = await takeEvidence(deps, subject, session.user);
  res.setHeader("Content-Disposition", `attachment; filename="${name}"`);
  res.type("application/json").send(bytes);
}
