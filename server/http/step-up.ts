/**
 * The guard's second question: routes that a stolen session must not reach want a proof of the last
 * five minutes. The pages hear 403 `step_up_needed`, ask once, and repeat the call.
 */
import type { DashboardRoute } from "../../shared/api.ts";
import type { FactorKind } from "../../shared/passkey-rules.ts";
import { proofKind, provedLately } from "../flows/prove-person.ts";
import type { Clock, FactorStore } from "../ports.ts";
import type { Problem } from "./problem.ts";
import type { SignedIn } from "./sessions.ts";

/**
 * Keys, the second factor, whatever moves money, customers' numbers and what guards them, and what
 * cannot be undone: one line each.
 */
const NEEDS_PROOF: ReadonlySet<DashboardRoute> = new Set<DashboardRoute>([
  "dashboardNewKey",
  "dashboardRevokeKey",
  "dashboardFactorBegin",
  "dashboardRecoveryCodes",
  "dashboardPasskeyBegin",
  "dashboardConfirm",
  "dashboardFail",
  "dashboardReverse",
  "dashboardExportNumbers",
  "dashboardErase",
  "dashboardAddMerchant",
  "dashboardMerchantCredentials",
  "dashboardApprove",
  "dashboardDecline",
  "dashboardSetTwoPerson",
  "dashboardChangeRetention",
  "dashboardChangeLimits",
]);

/**
 * Who comes in here is asked for the password by the form itself; a stolen password is not enough
 * where the person has a second factor.
 */
const NEEDS_FACTOR: ReadonlySet<DashboardRoute> = new Set<DashboardRoute>([
  "dashboardInvite",
  "dashboardPersonRole",
  "dashboardRemovePerson",
  "dashboardSignPersonOut",
  "dashboardPassword",
  "dashboardPasskeyRemove",
]);

export interface StepUpDeps {
  readonly factors: FactorStore;
  readonly clock: Clock;
}

/** Null when the route may run, else what to answer. */
export async function stepUpProblem(
  { factors, clock }: StepUpDeps,
  name: DashboardRoute,
  session: SignedIn,
): Promise<Problem | null> {
  const always = NEEDS_PROOF.has(name);
  if (!always && !NEEDS_FACTOR.has(name)) return null;
  if (provedLately(session, clock.now())) return null;
  const kinds = await factors.kinds(session.user.id);
  return always || kinds.length > 0 ? stepUpNeeded(kinds) : null;
}

/** `param` names what to type, `factors` says what else there is. */
function stepUpNeeded(factors: readonly FactorKind[]): Problem {
  const what = proofKind(factors);
  const asked = what === "code" ? "your second factor" : "your password";
  return {
    status: 403,
    type: "permission",
    code: "step_up_needed",
    message: `confirm that it is you with ${asked}, then do this again`,
    param: what,
    factors,
  };
}
