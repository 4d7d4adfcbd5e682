/** The HTTP server with every route, handed what it needs. */

import { ofTheSandbox } from "./config-mpesa.ts";
import type { UserId } from "./core/payment.ts";
import type { HouseApps } from "./daraja-apps.ts";
import { demoRoutes } from "./demo/routes.ts";
import { failedTries } from "./flows/failed-tries.ts";
import { openUnlessPaused } from "./flows/open-payment.ts";
import { passkeyChallenges } from "./flows/passkey-challenges.ts";
import type { SetUpGate } from "./flows/set-up.ts";
import { signInThrottle } from "./flows/sign-in-throttle.ts";
import { type Footprints, footprints, type WalkDeps } from "./flows/walk-out.ts";
import type { Flows, House } from "./house.ts";
import type { Assets } from "./http/assets.ts";
import { callbackListener } from "./http/callback-routes.ts";
import { checkoutRoutes } from "./http/checkout-routes.ts";
import { codeTries } from "./http/code-tries.ts";
import { passwordAsker } from "./http/confirmation.ts";
import { alertRoutes } from "./http/dashboard-alert-routes.ts";
import { auditRoutes } from "./http/dashboard-audit-routes.ts";
import { brandRoutes } from "./http/dashboard-brand-routes.ts";
import { goLiveRoutes } from "./http/dashboard-go-live-routes.ts";
import { insightRoutes } from "./http/dashboard-insight-routes.ts";
import { invitationRoutes } from "./http/dashboard-invitation-routes.ts";
import { limitRoutes } from "./http/dashboard-limit-routes.ts";
import { merchantsRoutes, merchantViews } from "./http/dashboard-merchants-routes.ts";
import { passkeyRoutes } from "./http/dashboard-passkey-routes.ts";
import { personRoutes } from "./http/dashboard-person-routes.ts";
import { privacyRoutes } from "./http/dashboard-privacy-routes.ts";
import { retentionRoutes } from "./http/dashboard-retention-routes.ts";
import { dashboardRoutes } from "./http/dashboard-routes.ts";
import { securityRoutes } from "./http/dashboard-security-routes.ts";
import { sessionRoutes } from "./http/dashboard-session-routes.ts";
import { settingsRoutes } from "./http/dashboard-settings-routes.ts";
import { twoPersonRoutes } from "./http/dashboard-two-person-routes.ts";
import { viewRoutes } from "./http/dashboard-view-routes.ts";
import { keyUseNotes } from "./http/key-use.ts";
import { logoRoute } from "./http/logo-route.ts";
import { MERCHANT_PAUSED, merchantRoutes } from "./http/merchant-routes.ts";
import { mpesaNotices } from "./http/mpesa-notice.ts";
import { pageRoutes } from "./http/pages.ts";
import { paymentActionRoutes } from "./http/payment-action-routes.ts";
import { peerAddress, peerNetwork } from "./http/peer.ts";
import { createPresenter } from "./http/present.ts";
import { promptsByNetwork } from "./http/prompts-by-network.ts";
import { createHttpServer } from "./http/server.ts";
import { stkPushRoute } from "./http/stk-push-route.ts";
import { defaultTill } from "./merchant.ts";
import { sealCredentials } from "./merchant-credentials.ts";
import type { Simulator } from "./simulator/api.ts";

/** Passkeys asked for at once: far more than a shop has people, and a few megabytes. */
const CHALLENGES_MAX = 10_000;

interface Beside {
  readonly assets: Assets;
  readonly gate: SetUpGate;
  readonly simulator: Simulator | null;
  readonly onSessionEnded: (idHash: string) => void;
  readonly onSignedOut: (userId: UserId, but: string | null) => void;
  readonly apps: HouseApps;
  readonly reach: WalkDeps["reach"];
  /** Where Daraja posts results; known once the port is. */
  readonly callbackBase: () => string;
}

/** Builds the server; it does not listen yet. */
export function httpOf(house: House, flows: Flows, beside: Beside) {
  const { config, clock, ids, log, store, soundness, tokens, merchant, seal } = house;
  const { assets, simulator } = beside;
  const { environment } = merchant;
  const { prompt } = flows;
  const walks = footprints();
  const notice = mpesaNotices({ insight: store.insight, clock, log });
  const present = createPresenter({ tokens, publicUrl: config.publicUrl, clock, notice });
  const { payments, merchants } = store;
  const reading = { tokens, payments, merchants, present, clock, environment };
  const forMerchants = {
    ...flows.opening,
    idempotency: store.idempotency,
    seal,
    startedAt: clock.now(),
    stuck: new Set<string>(),
    merchants,
    environment,
    noteKeyUse: keyUseNotes({ merchants, clock, log }),
    present,
    prompt,
  };
  return createHttpServer({
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    callbacks: callbackListener({
      ...flows.taking,
      tokens,
      peer: peerAddress(config.trustProxy),
      footprints: walks,
    }),
    assets,
    store,
    isSound: soundness.isSound,
    clock,
    ids,
    log,
    early: [
      ...(simulator === null ? [] : [["/simulator", simulator.handler] as const]),
      ["/", dashboardOf(house, flows, beside, present, walks)] as const,
    ],
    routers: [
      merchantRoutes(forMerchants),
      stkPushRoute(forMerchants),
      checkoutRoutes({
        ...reading,
        publicUrl: config.publicUrl.origin,
        prompt,
        tellCode: flows.tellCode,
        codeTries: codeTries(),
        isExempt: flows.isExempt,
        promptsFrom: promptsByNetwork({ clock, log, payments }),
        networkOf: peerNetwork(config.trustProxy),
      }),
      logoRoute(store),
      pageRoutes({
        ...reading,
        assets,
        log,
        notePage: flows.notePage,
        publicUrl: config.publicUrl,
      }),
      ...(simulator === null ? [] : [demoShop(house, flows, assets)]),
    ],
  });
}

function dashboardOf(
  { config, clock, ids, log, store, merchant, seal, mailer }: House,
  flows: Flows,
  { gate, onSessionEnded, onSignedOut, callbackBase, apps, reach }: Beside,
  present: ReturnType<typeof createPresenter>,
  walks: Footprints,
) {
  const { people, factors, passkeys, merchants, brands, inbox, insight, payments, bookmarks } =
    store;
  const { story, audit, views, proposals } = store;
  const throttle = signInThrottle(() => clock.now());
  const noteFailedTry = failedTries({ audit, clock, log });
  const { mpesa } = config;
  const till = defaultTill(mpesa);
  const viewMerchant = merchantViews(till);
  const shared = {
    merchants,
    merchant,
    viewMerchant,
    people,
    factors,
    passkeys,
    audit,
    throttle,
    noteFailedTry,
    challenges: passkeyChallenges({ ids, clock }, CHALLENGES_MAX),
    strangers: passkeyChallenges({ ids, clock }, CHALLENGES_MAX),
    clock,
    publicUrl: config.publicUrl.origin,
    ids,
    log,
    seal,
    askPassword: passwordAsker({ people, clock, log }),
    merchantName: async () => (await merchants.byId(merchant.id))?.name ?? merchant.name,
    environment: merchant.environment,
    onSessionEnded,
    onSignedOut,
  };
  const beside = { story, proposals, people, merchants, merchant };
  const acting = { ...flows.byHand, ...beside, view: present.forDashboard };
  return dashboardRoutes({
    ...shared,
    gate,
    rooms: [
      settingsRoutes({ ...shared, inbox, callbackBase }),
      brandRoutes({ ...shared, brands }),
      twoPersonRoutes(shared),
      merchantsRoutes({
        ...{
          ...shared,
          bookmarks,
          defaultTill: till,
          prove: apps.prove,
          forget: apps.forget,
          ofTheSandbox,
        },
        sealCredentials: (open) => sealCredentials(seal, open),
      }),
      personRoutes(shared),
      invitationRoutes(shared),
      sessionRoutes(shared),
      securityRoutes(shared),
      passkeyRoutes(shared),
      auditRoutes({ ...shared, audit }),
      privacyRoutes({ ...shared, erasure: store.erasure, audit }),
      retentionRoutes({ ...shared, ageing: store.ageing, bookmarks }),
      viewRoutes({ ...shared, views }),
      limitRoutes({
        ...shared,
        limits: store.limits,
        testPhones: config.limits === "test_phones_exempt" ? "exempt" : "limited",
      }),
      alertRoutes({ ...shared, alerts: store.alerts, mailer }),
      paymentActionRoutes({ ...shared, ...acting, audit, prompt: flows.prompt }),
      goLiveRoutes({
        ...shared,
        payments,
        inbox,
        bookmarks,
        callbackBase,
        apps,
        reach,
        footprints: walks,
      }),
      insightRoutes({
        ...shared,
        insight,
        payments,
        proposals,
        alerts: store.alerts,
        view: present.forDashboard,
      }),
    ],
    detail: acting,
    payments,
    audit,
  });
}

/** The demo shop is a merchant like any other: it opens payments and hands tokens to its page. */
function demoShop({ merchant, tokens, store }: House, flows: Flows, assets: Assets) {
  return demoRoutes({
    assets: assets.entry("pages", "demo"),
    openPayment: async ({ amount, orderReference, description }) => {
      const wish = { amount, orderReference, description, amountSource: "server" as const };
      const now = (await store.merchants.byId(merchant.id)) ?? merchant;
      const opened = await openUnlessPaused(flows.opening, now, {
        ...wish,
        expiresInSeconds: 3_600,
      });
      if (opened.kind === "merchant_paused") return { problem: MERCHANT_PAUSED };
      return { checkoutToken: tokens.checkoutToken(opened.now.payment.id) };
    },
  });
}
