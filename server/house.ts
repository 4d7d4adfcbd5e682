/** What every flow and route shares, and the flows themselves, each with what it needs and no more. */
import type { Phone } from "../shared/phone.ts";
import type { Receipt } from "../shared/receipt.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { AttemptId, PaymentId, PaymentWithAttempts } from "./core/payment.ts";
import { holdIn, trustIn } from "./daraja/source-addresses.ts";
import { readCallbackNews } from "./daraja/wire.ts";
import type { Engine } from "./db/engine.ts";
import { datedFormer } from "./db/key-moments.ts";
import { openDatabase } from "./db/open-database.ts";
import { createSeal } from "./db/seal.ts";
import { checkSoundness, SOUND, type Soundness } from "./db/soundness.ts";
import { createStore } from "./db/store.ts";
import { asker } from "./flows/ask-result.ts";
import { knownDoubts } from "./flows/known-doubts.ts";
import { notePage } from "./flows/note-page.ts";
import { owedCommits } from "./flows/owed-commits.ts";
import { type LimitsFor, promptCustomer } from "./flows/prompt-customer.ts";
import { pullStatements } from "./flows/pull-statement.ts";
import { nothingSending } from "./flows/sending.ts";
import { takeCustomerCode } from "./flows/take-customer-code.ts";
import { systemIds } from "./ids.ts";
import { smtpMailer } from "./mail/smtp.ts";
import { defaultMerchant, pullProves } from "./merchant.ts";
import type {
  Actor,
  Clock,
  Daraja,
  DarajaApps,
  Ids,
  KnownMerchant,
  Log,
  Mailer,
  Merchant,
  PullSource,
  Push,
  Seal,
  Store,
} from "./ports.ts";
import { testScenario } from "./simulator/scenarios.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** Replacements for tests. */
export interface Overrides {
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Opens the database, for who must hold its connection too. */
  readonly openEngine?: (path: string) => Promise<Engine>;
}

/** What every flow and route shares. */
export interface House {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly store: Store;
  readonly soundness: Soundness;
  readonly seal: Seal;
  readonly tokens: Tokens;
  readonly merchant: Merchant;
  /** Null where the configuration names no mail server. */
  readonly mailer: Mailer | null;
}

/** Opens the database and everything that hangs on the configuration alone. */
export async function openHouse(config: Config, log: Log, overrides: Overrides): Promise<House> {
  const seal = createSeal(config.secret, config.formerSecrets);
  const path = config.databasePath;
  const check = overrides.openEngine === undefined ? checkSoundness(path, log) : () => SOUND;
  const open = overrides.openEngine ?? ((file) => openDatabase(file, seal, log));
  const clock = overrides.clock ?? systemClock();
  const engine = await open(path);
  const store = createStore(engine, seal, log);
  const ring = { current: config.secret, former: config.formerSecrets };
  return {
    config,
    clock,
    ids: overrides.ids ?? systemIds(),
    log,
    store,
    soundness: check(),
    seal,
    tokens: createTokens(config.secret, await datedFormer(engine, ring, clock.now())),
    merchant: await store.merchants.ensureDefault(defaultMerchant(config)),
    mailer: config.mail === null ? null : smtpMailer(config.mail),
  };
}

/**
 * The environment speaks for its own merchant, and for all whose M-Pesa is simulated. Tills that
 * were added go without.
 */
function hasPull({ pull, mpesa }: Config, merchant: KnownMerchant): boolean {
  if (merchant.till !== null) return false;
  const ofConfig = merchant.origin === "default" || mpesa.kind === "simulator";
  return (ofConfig ? pull : merchant.pull) === "asked";
}

export type Flows = ReturnType<typeof flowsOf>;

/** The flows, each with what it needs and no more. */
export function flowsOf(
  house: House,
  apps: DarajaApps<Daraja & PullSource>,
  push: Push,
  callbacks: () => string,
) {
  const { config, clock, ids, log, store, seal, tokens, merchant } = house;
  const advancing = { payments: store.payments, clock, log, push };
  const { environment } = merchant;
  const hold = holdIn(config.callbackTrust);
  const ask = asker({ ...advancing, apps, environment, hold });
  const sending = nothingSending();
  const owed = owedCommits({ clock, log });
  const known = knownDoubts(clock);
  const taking = {
    ...advancing,
    ids,
    seal,
    inbox: store.inbox,
    environment,
    read: readCallbackNews,
    trust: trustIn(config.callbackTrust),
    ask,
    sending,
    owed,
  };
  const isExempt = (phone: Phone) =>
    config.limits === "test_phones_exempt" && testScenario(phone) !== null;
  const limitsFor: LimitsFor = async (merchantId, phone) =>
    phone !== null && isExempt(phone) ? "exempt" : (await store.limits.limitsOf(merchantId)).limits;
  const prompting = {
    ...advancing,
    ids,
    seal,
    apps,
    ask,
    sending,
    owed,
    callbackUrl: (id: AttemptId) => `${callbacks()}/${tokens.callbackPath(id)}`,
    limitsFor,
  };
  return {
    opening: { ...advancing, ids },
    taking,
    pull: async (resting: AbortSignal) => {
      const pulling = (await store.merchants.ofEnvironment(environment)).filter((one) =>
        hasPull(config, one),
      );
      const { bookmarks, story } = store;
      await pullStatements(
        await Promise.all(
          pulling.map(async (one) => {
            const { daraja, gate } = await apps.of(one.id);
            const proves = pullProves(config.mpesa, one);
            return {
              ...advancing,
              bookmarks,
              known,
              story,
              source: daraja,
              gate,
              merchant: one,
              proves,
            };
          }),
        ),
        resting,
      );
    },
    isExempt,
    byHand: { ...advancing, seal, limitsFor, ask },
    prompt: (id: PaymentId, phone: Phone, by?: Actor) => promptCustomer(prompting, id, phone, by),
    tellCode: (id: PaymentId, code: Receipt) => takeCustomerCode(advancing, id, code),
    notePage: (rows: PaymentWithAttempts, referer: string | undefined) =>
      notePage({ ...advancing, insight: store.insight }, rows, referer),
  };
}
