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
import type { InboxStore, Log, Merchant, MerchantStore, StoredKey } from "../ports.ts";
import { type ChoiceDeps, chosenMerchant } from "./chosen-merchant.ts";
import { pathOf, signedIn } from "./dashboard-seams.ts";
import { noBody } from "./no-body.ts";
import type { Problem } from "./problem.ts";
import { ok, parse, refuse, route } from "./route.ts";
import type { SessionDeps } from "./sessions.ts";

export interface SettingsDeps extends SessionDeps, KeyDeps, ChoiceDeps {
  readonly merchants: MerchantStore;
  readonly inbox: InboxStore;
  readonly log: Log;
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
  const { merchants, log } = deps;

  router.get(
    pathOf(ROUTES.dashboardSettings),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      return "problem" in merchant ? merchant : ok(await settingsView(deps, merchant));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardOrigins),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      if ("problem" in merchant) return merchant;
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
      return ok(await settingsView(deps, merchant));
    }),
  );
  router.post(
    pathOf(ROUTES.dashboardNewKey),
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      if ("problem" in merchant) return merchant;
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
    noBody,
    route(async (req) => {
      const session = await signedIn(deps, req);
      if ("problem" in session) return session;
      const merchant = await chosenMerchant(deps, req);
      if ("problem" in merchant) return merchant;
      const id = String(req.params.id);
      const at = deps.clock.now();
      const known = (await merchants.keysOf(merchant.id)).find((key) => key.id === id);
      const revoked = await merchants.revokeKey(merchant.id, id, at, {
        at,
        actor: session.user.id,
        action: "key_revoked",
        target: id,
        details: { kind: known?.kind ?? null, tail: known?.tail ?? null, merchant: merchant.name },
      });
      if (!revoked) return refuse(NO_SUCH_KEY);
      log.info("key_revoked", { userId: session.user.id });
      return ok(await settingsView(deps, merchant));
    }),
  );
  return router;
}

async function settingsView(deps: SettingsDeps, { id }: Merchant): Promise<SettingsView> {
  const { merchants, inbox, publicUrl } = deps;
  const merchant = await merchants.byId(id);
  if (merchant === null) throw new Error("a merchant vanished");
  const [keys, lastCallbackAt] = await Promise.all([
    merchants.keysOf(merchant.id),
    inbox.lastReceivedAt(merchant.environment),
  ]);
  return {
    merchant: { id: merchant.id, name: merchant.name, shortcode: merchant.shortcode },
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
