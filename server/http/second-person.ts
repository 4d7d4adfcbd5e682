/** A second person's yes or no to what a first one wants about much money. */
import type { Request } from "express";
import { approveRequest, declineRequest } from "../../shared/two-people-api.ts";
import type { Subject } from "../core/machine.ts";
import { approve, decline, type TwoPeopleDeps } from "../flows/two-people.ts";
import type { User } from "../ports.ts";
import { type DetailDeps, NO_SUCH_PAYMENT, paymentDetail } from "./payment-detail.ts";
import type { Problem } from "./problem.ts";
import { resolvedProblem } from "./resolved-problems.ts";
import { type Answer, ok, parse, refuse } from "./route.ts";

type SecondDeps = DetailDeps & TwoPeopleDeps;

/** A payment that is this merchant's own, and who acts on it. */
interface Acting {
  readonly user: User;
  readonly subject: Subject;
}

const PROPOSAL_GONE: Problem = {
  status: 409,
  type: "conflict",
  code: "proposal_gone",
  message: "nothing waits for a second person here any more; read the payment again",
};
const OWN_PROPOSAL: Problem = {
  status: 409,
  type: "conflict",
  code: "own_proposal",
  message: "nobody approves their own proposal; a second person must",
};

export async function approvalAnswer(
  deps: SecondDeps,
  { user, subject }: Acting,
  req: Request,
): Promise<Answer> {
  const request = parse(approveRequest, req.body);
  if (!request.ok) return refuse(request.problem);
  const done = await approve(deps, subject, request.value, user);
  switch (done.kind) {
    case "resolved":
      return detailAnswer(deps, { user, subject });
    case "proposal_gone":
      return refuse(PROPOSAL_GONE);
    case "own_proposal":
      return refuse(OWN_PROPOSAL);
    default:
      return refuse(await resolvedProblem(deps, done));
  }
}

export async function declineAnswer(
  deps: SecondDeps,
  { user, subject }: Acting,
  req: Request,
): Promise<Answer> {
  const request = parse(declineRequest, req.body);
  if (!request.ok) return refuse(request.problem);
  const done = await decline(deps, subject.payment.id, request.value, user);
  return done === "gone" ? refuse(PROPOSAL_GONE) : detailAnswer(deps, { user, subject });
}

async function detailAnswer(deps: SecondDeps, { user, subject }: Acting): Promise<Answer> {
  const detail = await paymentDetail(deps, subject.payment.id, user);
  return detail === null ? refuse(NO_SUCH_PAYMENT) : ok(detail);
}
