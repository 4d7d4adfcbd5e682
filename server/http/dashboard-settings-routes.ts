/** The settings: keys, and the websites that may show the checkout. */
import { Router } from "express";
import { ROUTES } from "../../shared/api.ts";
import {
  type KeyView,
  type NewKeyAnswer,
  newKeyRequest,
  originsRequest,
  type SettingsView,
} from "../../shared/settings-api.ts";
import { createKey, type KeyDeps, keyPrefix } from "../flows/create-keys.ts";
import type { InboxStore, Log, Merchant, StoredKey } from "../ports.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import type { Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface SettingsDeps extends SessionDeps, KeyDeps {
  readonly inbox: InboxStore;
  readonly log: Log;
  readonly merchant: Merchant;
  /** Where M-Pesa calls back, before the secret part. */
  readonly callbackBase: () => string;
}

export const STALE: Problem = {
  status: 409,
  type: "conflict",
  code: "stale",
  message: "somebody changed this meanwhile; the page shows it as it is now, so look again",
};
const NO_SUCH_KEY: Problem = {
  status: 404,
  type: "not_found",
  code: "key_not_found",
  message: "there is no such key in use; it may have been revoked already",
};

/** Reading, and changing what the guard lets this person change. */
export function settingsRoutes(deps: SettingsDeps): Router {
  const router = Router();
  const { merchants, merchant, log } = deps;

  router.get(
    pathOf(ROUTES.dashboardSettings),
    route(async (req) => {
      const session = await signedIn(deps, req);
      return "problem" in session ? session : ok(await settingsView(deps));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardOrigins),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(originsRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { was } = request.value;
      const origins = [...new Set(request.value.origins)];
      const replaced = await merchants.setOrigins(merchant.id, origins, was, {
        at: deps.clock.now(),
        actor: session.user.id,
        action: "origins_changed",
        target: merchant.id,
        details: { websites: origins.join(" "), before: was.join(" ") },
      });
      if (!replaced) return refuse(STALE);
      log.info("origins_changed", { userId: session.user.id, count: origins.length });
      return ok(await settingsView(deps));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardNewKey),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const request = parse(newKeyRequest, req.body);
      if (!request.ok) return refuse(request.problem);
      const { kind } = request.value;
      const { key, stored } = await createKey(deps, merchant, kind, session.user.id);
      log.info("key_created", { userId: session.user.id, kind });
      const answer: NewKeyAnswer = { key, view: keyView(merchant, stored) };
      return { status: 201, body: answer };
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardRevokeKey),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const id = String(req.params.id);
      const at = deps.clock.now();
      const known = (await merchants.keysOf(merchant.id)).find((key) => key.id === id);
      const revoked = await merchants.revokeKey(merchant.id, id, at, {
        at,
        actor: session.user.id,
        action: "key_revoked",
        target: id,
        details: { kind: known?.kind ?? null, tail: known?.tail ?? null },
      });
      if (!revoked) return refuse(NO_SUCH_KEY);
      log.info("key_revoked", { userId: session.user.id });
      return ok(await settingsView(deps));
    }),
  );
  return router;
}

async function settingsView(deps: SettingsDeps): Promise<SettingsView> {
  const { merchants, inbox, publicUrl } = deps;
  const merchant = (await merchants.byId(deps.merchant.id)) ?? deps.merchant;
  const [keys, lastCallbackAt] = await Promise.all([
    merchants.keysOf(merchant.id),
    inbox.lastReceivedAt(merchant.environment),
  ]);
  return {
    merchant: { name: merchant.name, shortcode: merchant.shortcode },
    publicUrl,
    callbackBase: deps.callbackBase(),
    lastCallbackAt: isoOrNull(lastCallbackAt),
    allowedOrigins: [...merchant.allowedOrigins],
    keys: keys.map((key) => keyView(merchant, key)),
  };
}

function keyView(merchant: Merchant, key: StoredKey): KeyView {
  return {
    id: key.id,
    kind: key.kind,
    prefix: keyPrefix(key.kind, merchant.environment),
    tail: key.tail,
    createdAt: new Date(key.createdAt).toISOString(),
    lastUsedAt: isoOrNull(key.lastUsedAt),
    revokedAt: isoOrNull(key.revokedAt),
  };
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
