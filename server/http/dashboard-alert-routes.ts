/** A person's own alerts by e-mail: which they want, a test, and how the mails fare. */
import { Router } from "express";
import {
  type MailAlertsView,
  type MailTestAnswer,
  mailAlertsRequest,
  mailTestRequest,
} from "../../shared/alert-api.ts";
import { MAIL_KINDS } from "../../shared/alert-words.ts";
import { ROUTES } from "../../shared/api.ts";
import { testMail } from "../core/alert-mail.ts";
import type { Instant, UserId } from "../core/payment.ts";
import type { AlertStore, Ids, Mailer, MailFailure, User } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { type Problem, tooManyTries } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface AlertRouteDeps extends SessionDeps {
  readonly alerts: AlertStore;
  /** Null where there is no mail server. */
  readonly mailer: Mailer | null;
  readonly merchantName: () => Promise<string>;
  readonly ids: Ids;
}

/** Tests go to one's own address only; this keeps them from becoming a flood even there. */
const TEST_EVERY_MS = 20_000;

/** The page waits for 15 s, and should hear what came of it. */
const TEST_PATIENCE_MS = 12_000;

const NO_MAIL_SERVER: Problem = {
  status: 409,
  type: "conflict",
  code: "no_mail_server",
  message: "this Lipia has no mail server; set SMTP_URL and ALERT_FROM and start it again",
};

export function alertRoutes(deps: AlertRouteDeps): Router {
  const router = Router();
  const { alerts, clock } = deps;
  const lastTests = new Map<UserId, Instant>();
  router.get(
    pathOf(ROUTES.dashboardMailAlerts),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await viewFor(deps, session.user));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardChooseMailAlerts),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(mailAlertsRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const kinds = MAIL_KINDS.filter((kind) => request.value.kinds.includes(kind));
      const { id } = session.user;
      await alerts.choose(
        id,
        { kinds, locale: request.value.locale },
        {
          at: clock.now(),
          actor: id,
          action: "mail_alerts_changed",
          target: null,
          details: { kinds: kinds.join(" ") },
        },
      );
      return ok(await viewFor(deps, session.user));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardTestMail),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(mailTestRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { mailer, publicUrl } = deps;
      if (mailer === null) return refuse(NO_MAIL_SERVER);
      const { id, email } = session.user;
      const freeAt = (lastTests.get(id) ?? Number.NEGATIVE_INFINITY) + TEST_EVERY_MS;
      if (freeAt > clock.now()) return refuse(tooManyTries((freeAt - clock.now()) / 1_000));
      lastTests.set(id, clock.now());
      const shop = await deps.merchantName();
      const words = testMail({ shop, publicUrl }, request.value.locale);
      const mail = { to: email, id: deps.ids.row("test"), ...words };
      const outcome = await mailer.send(mail, AbortSignal.timeout(TEST_PATIENCE_MS));
      if (outcome.kind === "taken") await alerts.noteWorked(id, clock.now());
      return ok(outcome satisfies MailTestAnswer);
    }),
  );
  return router;
}

async function viewFor(
  { alerts, mailer }: AlertRouteDeps,
  { id, email }: User,
): Promise<MailAlertsView> {
  const [choice, trouble] = await Promise.all([alerts.choiceOf(id), alerts.trouble(id)]);
  const { waiting, givenUp } = trouble;
  return {
    server: mailer === null ? "missing" : "configured",
    address: email,
    kinds: [...(choice?.kinds ?? [])],
    locale: choice?.locale ?? null,
    waiting:
      waiting === null
        ? null
        : { ...words(waiting), since: iso(waiting.createdAt), nextTryAt: iso(waiting.at) },
    givenUp:
      givenUp === null ? null : { ...words(givenUp), at: iso(givenUp.at), alerts: givenUp.matters },
  };
}

function words({ fault, said }: MailFailure) {
  return { fault, said };
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
