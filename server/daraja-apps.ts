/**
 * Which Daraja app speaks for which merchant. An app is made when its merchant is met first, so a
 * merchant added a moment ago, also by another process, needs no restart. Shortcodes of one app
 * share its token and its pace (machine §9).
 */
import { createHash } from "node:crypto";
import type { Config } from "./config.ts";
import type { MerchantId } from "./core/payment.ts";
import { createDaraja } from "./daraja/client.ts";
import { type DarajaTimeouts, sessionOf } from "./daraja/connection.ts";
import { createLookGate } from "./daraja/look-gate.ts";
import type { DarajaAccount } from "./daraja/requests.ts";
import type { Session } from "./daraja/session.ts";
import { type Credentials, openCredentials } from "./merchant-credentials.ts";
import type {
  Clock,
  Daraja,
  DarajaApp,
  DarajaApps,
  DarajaCall,
  KnownMerchant,
  Log,
  LookGate,
  Merchant,
  MerchantStore,
  PullSource,
  Seal,
} from "./ports.ts";
import { DEMO_APP, DEMO_MERCHANT, type SimulatedMerchant } from "./simulator/demo.ts";

export interface DarajaAppsDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly seal: Seal;
  readonly merchants: Pick<MerchantStore, "byId" | "credentialsOf">;
  /** The default merchant, whose credentials stand in the environment. */
  readonly merchant: Merchant;
  /** The simulator's address, known once this server listens. */
  readonly simulator: () => string;
  readonly timeouts: Partial<DarajaTimeouts>;
  /** Told of each push and query. */
  readonly heard: (call: DarajaCall) => void;
}

type Client = Daraja & PullSource;
type App = DarajaApp<Client>;
type Consumer = Pick<Credentials, "consumerKey" | "consumerSecret">;

export interface HouseApps extends DarajaApps<Client> {
  /** The simulator's merchant of a shortcode, once its app was asked for. */
  readonly simulated: (shortcode: string) => SimulatedMerchant | null;
  /** The app of a merchant is made anew when it is asked for next: its credentials are others now. */
  forget(id: MerchantId): void;
  /** Asks Daraja for a token with credentials that are not kept yet. */
  prove(consumer: Consumer): ReturnType<Daraja["ready"]>;
}

/** The apps of one house. */
export function darajaApps(deps: DarajaAppsDeps): HouseApps {
  const made = new Map<MerchantId, App>();
  const shared = new Map<string, { readonly session: Session; readonly gate: LookGate }>();
  const simulated = new Map<string, SimulatedMerchant>();
  let changes = 0;

  function appWith(consumer: Consumer, account: DarajaAccount): App {
    const options = { ...connectionOf(deps), ...consumer };
    const name = nameOf(consumer);
    const both = shared.get(name) ?? {
      session: sessionOf(options),
      gate: createLookGate({ clock: deps.clock }),
    };
    shared.set(name, both);
    const { session, gate } = both;
    return { daraja: createDaraja({ ...options, ...account, session }), gate };
  }

  function ofDefault(): App {
    const { mpesa } = deps.config;
    if (mpesa.kind === "daraja") return appWith(mpesa, mpesa);
    return appWith(DEMO_APP, simulatedAccount({ shortcode: DEMO_MERCHANT.shortcode, till: null }));
  }

  async function ofFurther(merchant: KnownMerchant): Promise<App | null> {
    if (deps.config.mpesa.kind === "simulator") {
      const { shortcode, name } = merchant;
      simulated.set(shortcode, { shortcode, name, passkey: DEMO_MERCHANT.passkey });
      return appWith(DEMO_APP, simulatedAccount(merchant));
    }
    const sealed = await deps.merchants.credentialsOf(merchant.id);
    const credentials = sealed === null ? null : openCredentials(deps.seal, sealed);
    if (credentials === null) return null;
    return appWith(credentials, accountOf(merchant, credentials.passkey));
  }

  async function make(id: MerchantId): Promise<App | null> {
    if (id === deps.merchant.id) return ofDefault();
    const merchant = await deps.merchants.byId(id);
    const ours = merchant?.environment === deps.merchant.environment;
    return ours && merchant.origin === "further" ? ofFurther(merchant) : null;
  }

  async function of(id: MerchantId): Promise<App> {
    const known = made.get(id);
    if (known !== undefined) return known;
    const asked = changes;
    const app = await make(id);
    // Its credentials may have been replaced while they were read.
    if (asked !== changes) return of(id);
    if (app === null) {
      deps.log.error("credentials_missing", { merchantId: id });
      return silentApp(deps.clock);
    }
    // Of two who ask at once the first one's is kept; either way they share token and pace.
    const first = made.get(id) ?? app;
    made.set(id, first);
    return first;
  }

  return {
    of,
    forget(id) {
      changes += 1;
      made.delete(id);
    },
    simulated: (shortcode) => simulated.get(shortcode) ?? null,
    async prove(consumer) {
      const token = await sessionOf({ ...connectionOf(deps), ...consumer }).token();
      return token.ok ? { ok: true } : token;
    },
  };
}

function connectionOf({ config, clock, log, timeouts, heard, simulator }: DarajaAppsDeps) {
  const { mpesa } = config;
  const shared = { clock, log, timeouts, heard };
  return mpesa.kind === "simulator"
    ? { ...shared, baseUrl: simulator(), clocks: "one" as const }
    : { ...shared, baseUrl: mpesa.baseUrl };
}

/** Two secrets of one key are two apps: the wrong one must not lend its refusals to the right one. */
function nameOf({ consumerKey, consumerSecret }: Consumer): string {
  return createHash("sha256").update(`${consumerKey}\n${consumerSecret}`).digest("base64url");
}

type Numbers = Pick<KnownMerchant, "shortcode" | "till">;

function accountOf({ shortcode, till }: Numbers, passkey: string): DarajaAccount {
  return till === null
    ? { shortcode, passkey, transactionType: "CustomerPayBillOnline", partyB: shortcode }
    : { shortcode, passkey, transactionType: "CustomerBuyGoodsOnline", partyB: till };
}

function simulatedAccount(numbers: Numbers): DarajaAccount {
  return accountOf(numbers, DEMO_MERCHANT.passkey);
}

/** Nothing leaves this house without credentials: surely not sent, and no verdict on anything. */
function silentApp(clock: Clock): App {
  const description = "the M-Pesa credentials of this merchant cannot be read";
  const silent = { kind: "silent", cause: "unreachable", description } as const;
  return {
    gate: createLookGate({ clock }),
    daraja: {
      ready: async () => ({ ok: false, cause: "token", description }),
      push: async () => ({ kind: "not_sent", cause: "token", description }),
      query: async () => silent,
      pull: async () => silent,
    },
  };
}
