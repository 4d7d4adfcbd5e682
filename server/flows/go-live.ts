/** The steps from the simulator to real money, each judged by what really happened here. */
import {
  type GoLiveStep,
  type GoLiveView,
  STEPS_OF,
  type StepView,
} from "../../shared/go-live-api.ts";
import type { Instant } from "../core/payment.ts";
import type {
  BookmarkStore,
  Clock,
  InboxStore,
  Merchant,
  MerchantStore,
  PaymentStore,
} from "../ports.ts";

export interface GoLiveDeps {
  readonly clock: Clock;
  readonly merchant: Merchant;
  readonly merchants: MerchantStore;
  readonly payments: PaymentStore;
  readonly inbox: InboxStore;
  readonly bookmarks: BookmarkStore;
  readonly publicUrl: string;
  readonly callbackBase: () => string;
}

/** What a person proved by a trial. */
export type Trial = "credentials" | "callback";

/** A proof of the way to us ages: certificates run out and addresses move. */
const OLD_AFTER_MS = 7 * 86_400_000;

const markOf = (trial: Trial, { id }: Pick<Merchant, "id">): string => `${trial} proven ${id}`;

/** Notes that a trial was passed now. */
export async function noteProof(
  {
    bookmarks,
    merchant,
    clock,
  }: Pick<GoLiveDeps, "bookmarks" | "clock"> & { readonly merchant: Pick<Merchant, "id"> },
  trial: Trial,
): Promise<void> {
  await bookmarks.move(markOf(trial, merchant), clock.now());
}

/** When each step was last proven: an instant, `true` where no time is known, null for never. */
type Proofs = Readonly<Record<GoLiveStep, Instant | true | null>>;

/** The list as it stands. */
export async function goLiveView(deps: GoLiveDeps): Promise<GoLiveView> {
  const { merchant, clock } = deps;
  const proofs = await proofsOf(deps);
  const steps = STEPS_OF[merchant.environment].map((name) =>
    stepView(name, proofs[name], clock.now()),
  );
  return { environment: merchant.environment, callbackBase: deps.callbackBase(), steps };
}

function stepView(name: GoLiveStep, proof: Instant | true | null, now: Instant): StepView {
  const at = typeof proof === "number" ? new Date(proof).toISOString() : null;
  if (proof === null) return { name, state: "open", at };
  const ages = name === "callback" || name === "credentials";
  const old = ages && typeof proof === "number" && now - proof > OLD_AFTER_MS;
  return { name, state: old ? "old" : "done", at };
}

async function proofsOf(deps: GoLiveDeps): Promise<Proofs> {
  const { merchants, payments, inbox, bookmarks, merchant } = deps;
  const { id: merchantId, environment } = merchant;
  const [now, keys, paid, called, proven, walked] = await Promise.all([
    merchants.byId(merchantId),
    merchants.keysOf(merchantId),
    payments.list({ merchantId, environment, limit: 1, statuses: ["confirmed"] }),
    inbox.lastReceivedAt(environment),
    bookmarks.read(markOf("credentials", merchant)),
    bookmarks.read(markOf("callback", merchant)),
  ]);
  const secrets = keys.filter(({ kind, revokedAt }) => kind === "secret" && revokedAt === null);
  const last = paid.rows[0]?.payment;
  return {
    https: deps.publicUrl.startsWith("https://") ? true : null,
    credentials: proven,
    callback: latest([called, walked]),
    shop_key: secrets.length > 0 ? true : null,
    shop_called: latest(secrets.map(({ lastUsedAt }) => lastUsedAt)),
    first_payment: last === undefined ? null : (last.paidAt ?? last.updatedAt),
    websites: (now ?? merchant).allowedOrigins.length > 0 ? true : null,
    sandbox: null,
    production: null,
  };
}

function latest(moments: readonly (Instant | null)[]): Instant | null {
  const known = moments.filter((at) => at !== null);
  return known.length === 0 ? null : Math.max(...known);
}
