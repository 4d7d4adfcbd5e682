import { useState } from "preact/hooks";
import type { Locale } from "../../../shared/words.ts";
import { laterWordsOf } from "../later-words.ts";
import { Mark } from "../mark.tsx";
import { kes } from "../text.ts";
import { Pane } from "../ui.tsx";
import type { ScreenProps } from "./props.ts";

/** An instant in Nairobi, where M-Pesa's own SMS tells the time, whatever this device's zone is. */
function nairobiTime(instant: string, locale: Locale): string {
  return new Date(instant).toLocaleString(locale === "sw" ? "sw-KE" : "en-KE", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "Africa/Nairobi",
  });
}

/** The proof, big enough to show across a counter. */
export function PaidScreen({ view, locale, leave, mode }: ScreenProps) {
  const words = laterWordsOf(locale);
  const { receipt, paidAt } = view;
  const [copied, setCopied] = useState("no");
  const copy = async (code: string) => {
    await navigator.clipboard.writeText(code);
    setCopied("yes");
  };
  return (
    <>
      <Mark drawing="check" tone="good" />
      <Pane title={words.paid}>
        <p class="clip">{words.paidHint(kes(view.amount), view.merchantName)}</p>
        {receipt === null ? (
          <p class="soft">{words.receiptWanted}</p>
        ) : (
          <div class="receipt">
            <span class="soft">{words.receipt}</span>
            <code>{receipt}</code>
            {navigator.clipboard && mode === "page" && (
              <button class="quiet" type="button" onClick={() => copy(receipt)}>
                {copied === "yes" ? words.copied : words.copy}
              </button>
            )}
          </div>
        )}
        {paidAt && <p class="soft">{nairobiTime(paidAt, locale)}</p>}
        {leave.success && (
          <button class="main" type="button" onClick={leave.success}>
            {mode === "overlay" ? words.done : words.goOn}
          </button>
        )}
      </Pane>
    </>
  );
}
