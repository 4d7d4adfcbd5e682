/** Opens and ends the session of whoever is at the browser, by sign-in, set-up or an invitation. */
import type { Request, Response } from "express";
import type { SessionView } from "../../shared/api.ts";
import type { MerchantView } from "../../shared/merchants-api.ts";
import type { Environment } from "../../shared/words.ts";
import type { KnownMerchant, Log, MerchantStore, User } from "../ports.ts";
import { deviceWords } from "./device-words.ts";
import { type DeviceDeps, deviceCookie, knownDevice } from "./known-devices.ts";
import { type Answer, ok } from "./route.ts";
import { openSession, type SessionDeps, sessionOf } from "./sessions.ts";

export interface EnteringDeps extends SessionDeps, DeviceDeps {
  readonly log: Log;
  /** As it is now: the merchant may have changed it since this server started. */
  readonly merchantName: () => Promise<string>;
  readonly environment: Environment;
  readonly merchants: Pick<MerchantStore, "byId" | "ofEnvironment">;
  readonly viewMerchant: (merchant: KnownMerchant) => MerchantView;
  /** Cuts the sockets of a session that has ended. */
  readonly onSessionEnded: (idHash: string) => void;
}

/** Opens a session and hands over its cookie; whatever session the browser had before ends. */
export async function enter(
  deps: EnteringDeps,
  req: Request,
  res: Response,
  user: User,
): Promise<Answer> {
  await leave(deps, req);
  const device = deviceWords(req.headers["user-agent"]);
  res.append("Set-Cookie", await openSession(deps, user.id, device));
  if (knownDevice(deps, req.headers.cookie, user.email) === null) {
    res.append("Set-Cookie", deviceCookie(deps, user.email));
  }
  return ok(await sessionView(deps, user));
}

export async function leave(deps: EnteringDeps, req: Request): Promise<void> {
  const session = await sessionOf(deps, req);
  if (session === null) return;
  const audit = { at: deps.clock.now(), actor: session.user.id, target: null, details: {} };
  await deps.people.endSession(session.idHash, { ...audit, action: "signed_out" });
  deps.onSessionEnded(session.idHash);
  deps.log.info("signed_out", { userId: session.user.id });
}

export async function sessionView(deps: EnteringDeps, user: User): Promise<SessionView> {
  return {
    user: { email: user.email, role: user.role },
    environment: deps.environment,
    merchantName: await deps.merchantName(),
    merchants: (await deps.merchants.ofEnvironment(deps.environment)).map(deps.viewMerchant),
  };
}
