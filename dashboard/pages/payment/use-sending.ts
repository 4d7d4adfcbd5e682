import { useState } from "preact/hooks";
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import type { Answer, Failure } from "../../client.ts";
import { readAgain, takeDetail } from "./payment-store.ts";

export type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Sends one call that answers with the payment as it then is. After a failure the payment is read
 * again: the page may be behind, and what it offers with it.
 */
export function useSending(onDone: (now: DashboardPaymentDetail) => void) {
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const send = async (call: () => Promise<Answer<DashboardPaymentDetail>>): Promise<void> => {
    if (trying.kind === "busy") return;
    setTrying({ kind: "busy" });
    const answer = await call();
    if (answer.ok) {
      setTrying({ kind: "ready" });
      takeDetail(answer.value);
      onDone(answer.value);
      return;
    }
    setTrying({ kind: "failed", failure: answer.failure });
    void readAgain();
  };
  return { trying, send };
}

/** The refusal that speaks of one field, or null. */
export function refusalOf(trying: Trying, param: string) {
  if (trying.kind !== "failed" || trying.failure.kind !== "refused") return null;
  return trying.failure.param === param ? trying.failure : null;
}
