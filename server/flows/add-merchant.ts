/**
 * Adds a merchant beside the default one, and gives it other credentials. Where M-Pesa is real, they
 * are proved by asking Daraja for a token before anything is kept; a wrong passkey shows at the
 * first prompt only.
 */
import type { Instant, MerchantId, UserId } from "../core/payment.ts";
import type {
  BookmarkStore,
  Clock,
  Daraja,
  Ids,
  KnownMerchant,
  Log,
  Merchant,
  MerchantStore,
} from "../ports.ts";
import { noteProof } from "./go-live.ts";

interface Credentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly passkey: string;
}

/** What an owner says of a merchant; validated at the edge. */
export interface MerchantWish {
  readonly name: string;
  readonly shortcode: string;
  /** Null for a pay bill. */
  readonly till: string | null;
  readonly credentials: Credentials | null;
  readonly pull: "asked" | "off";
}

export interface AddMerchantDeps {
  readonly merchants: Pick<MerchantStore, "add" | "setCredentials">;
  readonly bookmarks: BookmarkStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The default merchant, and the till it has in the environment. */
  readonly merchant: Pick<Merchant, "environment" | "shortcode">;
  readonly defaultTill: string | null;
  readonly prove: (credentials: Credentials) => ReturnType<Daraja["ready"]>;
  /** What was opened with the former credentials is opened anew. */
  readonly forget: (id: MerchantId) => void;
  readonly sealCredentials: (credentials: Credentials) => string;
  /** Which of the numbers is the public sandbox's. */
  readonly ofTheSandbox: (given: {
    readonly shortcode: string;
    readonly passkey: string;
  }) => "shortcode" | "passkey" | null;
}

/** Why nothing was kept. */
export type NotKept =
  | { readonly kind: "taken" | "credentials_missing" | "credentials_unwanted" }
  /** A till that is called by its own number, as if it were the store's. */
  | { readonly kind: "till_is_store" }
  | { readonly kind: "of_sandbox"; readonly what: "shortcode" | "passkey" }
  | { readonly kind: "refused" | "unreachable"; readonly detail: string };

export type Added = { readonly kind: "added"; readonly id: MerchantId } | NotKept;

/** Adds it, or says what is in the way. */
export async function addMerchant(
  deps: AddMerchantDeps,
  wish: MerchantWish,
  by: UserId,
): Promise<Added> {
  const { merchants, ids, clock, log, bookmarks, merchant, sealCredentials } = deps;
  const { environment } = merchant;
  const fault = faultOf(deps, wish) ?? (await proofFault(deps, wish.credentials));
  if (fault !== null) return fault;
  const id = ids.row("mer") as MerchantId;
  const { name, shortcode, till, credentials, pull } = wish;
  const credentialsSealed = credentials === null ? null : sealCredentials(credentials);
  const at: Instant = clock.now();
  const added = await merchants.add(
    { id, environment, name, shortcode, till, pull, credentialsSealed },
    { at, actor: by, action: "merchant_added", target: id, details: { name, shortcode, till } },
  );
  if (added === "taken") return { kind: "taken" };
  if (credentials !== null) await noteProof({ bookmarks, merchant: { id }, clock }, "credentials");
  log.info("merchant_added", { userId: by, merchantId: id });
  return { kind: "added", id };
}

/**
 * Gives a further merchant other credentials, whatever is open: each prompt and look after this one
 * uses them.
 */
export async function changeCredentials(
  deps: AddMerchantDeps,
  known: Pick<KnownMerchant, "id" | "name" | "shortcode" | "till" | "origin">,
  credentials: Credentials,
  by: UserId,
): Promise<{ readonly kind: "changed" } | NotKept> {
  const { merchants, clock, log, bookmarks, forget } = deps;
  const { id, name, shortcode, till } = known;
  if (known.origin === "default") return { kind: "credentials_unwanted" };
  const fault = credentialsFault(deps, { shortcode, till, credentials });
  const unproved = fault ?? (await proofFault(deps, credentials));
  if (unproved !== null) return unproved;
  const at = clock.now();
  const set = await merchants.setCredentials(id, deps.sealCredentials(credentials), {
    ...{ at, actor: by, action: "credentials_changed", target: id, details: { name } },
  });
  if (!set) return { kind: "credentials_unwanted" };
  forget(id);
  await noteProof({ bookmarks, merchant: { id }, clock }, "credentials");
  log.info("credentials_changed", { userId: by, merchantId: id });
  return { kind: "changed" };
}

/** What can be told without asking anybody. */
function faultOf(deps: AddMerchantDeps, wish: MerchantWish): NotKept | null {
  const { merchant, defaultTill } = deps;
  const fault = credentialsFault(deps, wish);
  if (fault !== null) return fault;
  const taken = wish.shortcode === merchant.shortcode && wish.till === defaultTill;
  return taken ? { kind: "taken" } : null;
}

function credentialsFault(
  { merchant, ofTheSandbox }: AddMerchantDeps,
  { shortcode, till, credentials }: Pick<MerchantWish, "shortcode" | "till" | "credentials">,
): NotKept | null {
  const { environment } = merchant;
  if (environment === "simulator" && credentials !== null) return { kind: "credentials_unwanted" };
  if (environment !== "simulator" && credentials === null) return { kind: "credentials_missing" };
  if (environment !== "production" || credentials === null) return null;
  if (till === shortcode) return { kind: "till_is_store" };
  const what = ofTheSandbox({ shortcode, passkey: credentials.passkey });
  return what === null ? null : { kind: "of_sandbox", what };
}

async function proofFault(
  { prove }: AddMerchantDeps,
  credentials: Credentials | null,
): Promise<NotKept | null> {
  const proof = credentials === null ? null : await prove(credentials);
  if (proof === null || proof.ok) return null;
  const kind = proof.cause === "token" ? "refused" : "unreachable";
  return { kind, detail: proof.description };
}
