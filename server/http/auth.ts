/** Who is calling: a merchant's server with its secret key, or a page with a checkout token. */
import type { Request } from "express";
import type { Environment } from "../../shared/words.ts";
import type { PaymentId } from "../core/payment.ts";
import type { Merchant, MerchantStore } from "../ports.ts";
import { sha256Hex, type Tokens } from "../tokens.ts";
import type { Problem } from "./problem.ts";

const KEY_SHAPE = /^(pk|sk|sgn)_(test|live)_[A-Za-z0-9_-]{16,}$/;

function bearer(req: Request): string | null {
  return /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? "")?.[1] ?? null;
}

function unauthorised(code: string, message: string): Problem {
  return { status: 401, type: "authentication", code, message };
}

export interface KeyDeps {
  readonly merchants: MerchantStore;
  /** Where this server's M-Pesa is: a key of the sandbox must never move real money. */
  readonly environment: Environment;
  /** Remembers that a key is in use, for whoever decides which one to revoke. */
  readonly noteKeyUse: (keyId: string) => void;
}

/** The merchant behind `Authorization: Bearer sk_…`, or the problem to answer. */
export async function merchantOf(
  { merchants, environment, noteKeyUse }: KeyDeps,
  req: Request,
): Promise<{ merchant: Merchant } | { problem: Problem }> {
  const key = bearer(req);
  if (key === null) {
    return {
      problem: unauthorised("key_missing", "Send your secret key: Authorization: Bearer sk_…"),
    };
  }
  const kind = KEY_SHAPE.exec(key)?.[1];
  if (kind === "pk" || kind === "sgn") {
    return {
      problem: {
        status: 403,
        type: "permission",
        code: "secret_key_required",
        message: "This call needs the secret key (sk_…), from your server; never from a page.",
      },
    };
  }
  const known = kind === "sk" ? await merchants.keyByHash(sha256Hex(key)) : null;
  const merchant = known?.kind === "secret" ? await merchants.byId(known.merchantId) : null;
  if (merchant === null) {
    return {
      problem: unauthorised(
        "key_unknown",
        "This secret key is not known here; check the key and the server.",
      ),
    };
  }
  if (merchant.environment !== environment) {
    return {
      problem: unauthorised(
        "key_environment",
        `This secret key belongs to ${merchant.environment}; this server runs in ${environment}.`,
      ),
    };
  }
  if (known !== null) noteKeyUse(known.id);
  return { merchant };
}

/** The payment that the checkout token in the Authorization header opens, or the problem. */
export function checkoutOf(tokens: Tokens, req: Request): { id: PaymentId } | { problem: Problem } {
  const id = tokens.paymentOfToken(bearer(req) ?? "");
  if (id !== null) return { id };
  return {
    problem: unauthorised(
      "token_unknown",
      "This checkout link is not valid; ask the shop for a new one.",
    ),
  };
}
