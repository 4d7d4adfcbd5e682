import { useEffect, useState } from "preact/hooks";
import type { RetentionCount, RetentionView } from "../../../shared/privacy-api.ts";
import { RETENTION_COUNT_MAX, type RetentionDays } from "../../../shared/retention-words.ts";
import type { Answer, Failure } from "../../client.ts";
import { say, sayCount } from "../../dictionary/words.ts";
import { grouped } from "../../format.ts";
import { merchantsHere } from "../../merchant-choice.ts";
import { postRetention, readRetentionCount } from "../../privacy-client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ConfirmForm } from "../confirm-form.tsx";
import { failureText } from "../failure.tsx";

interface QuestionProps {
  readonly view: RetentionView;
  /** Whose numbers they are, as the address names it. */
  readonly merchant: string;
  readonly days: RetentionDays | null;
  /** The days in words. */
  readonly word: string;
  readonly onDone: (view: RetentionView) => void;
  /** Somebody else changed it meanwhile. */
  readonly onStale: () => void;
  readonly onClose: () => void;
}

/** Asked with the number of payments that lose their numbers, and the shop's name typed by hand. */
export function RetentionQuestion(props: QuestionProps) {
  const { view, merchant, days, word, onDone, onStale, onClose } = props;
  const sooner = days !== null && (view.days === null || days < view.days) ? days : null;
  const [shop, setShop] = useState("");
  const [error, setError] = useState<string | null>(null);
  const name = shopName(merchant);
  const check = () => {
    const right = sooner === null || shop.trim() === name.trim();
    setError(right ? null : say("retention.shopBad"));
    return right;
  };
  const failed = (failure: Failure) => {
    if (failure.kind !== "refused") return;
    if (failure.param === "shop") setError(say("retention.shopBad"));
    if (failure.code === "stale") onStale();
  };
  const title = say(sooner === null ? "retention.askLonger" : "retention.ask", { days: word });
  return (
    <Dialog title={title} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say(sooner === null ? "retention.submitLonger" : "retention.submit")}
        fields={["shop"]}
        check={check}
        send={() => postRetention(merchant, { version: view.version, days, shop: shop.trim() })}
        onDone={onDone}
        onFailed={failed}
        onClose={onClose}
      >
        {sooner === null ? (
          <p>{say("retention.longer")}</p>
        ) : (
          <>
            <NextRun merchant={merchant} days={sooner} />
            <p>{say("retention.gone")}</p>
            <Field
              label={say("retention.shop")}
              type="text"
              name="shop"
              autocomplete="off"
              hint={say("retention.shopHint", { name })}
              value={shop}
              onInput={setShop}
              error={error}
            />
          </>
        )}
      </ConfirmForm>
    </Dialog>
  );
}

function shopName(merchant: string): string {
  const all = merchantsHere();
  return (all.find(({ id }) => id === merchant) ?? all[0])?.name ?? "";
}

interface NextRunProps {
  readonly merchant: string;
  readonly days: RetentionDays;
}

/** What would go, counted on the server at this moment. */
function NextRun({ merchant, days }: NextRunProps) {
  const [answer, setAnswer] = useState<Answer<RetentionCount> | null>(null);
  useEffect(() => {
    void readRetentionCount(merchant, days).then(setAnswer);
  }, [merchant, days]);
  return (
    <div role="status">
      {answer === null ? (
        <p>{say("retention.counting")}</p>
      ) : (
        <Notice tone={answer.ok ? "wait" : "bad"} icon="alert">
          {answer.ok ? countWords(answer.value) : failureText(answer.failure)}
        </Notice>
      )}
    </div>
  );
}

function countWords({ payments, more }: RetentionCount): string {
  return more === "yes"
    ? say("retention.count.more", { n: grouped(RETENTION_COUNT_MAX) })
    : sayCount("retention.count", payments);
}
