import { nextStepFor, reasonWords } from "../../../shared/messages.ts";
import { parsePhone, readablePhone } from "../../../shared/phone.ts";
import { laterWordsOf } from "../later-words.ts";
import { waitMs } from "../machine.ts";
import { Mark } from "../mark.tsx";
import { clock } from "../text.ts";
import { Pane } from "../ui.tsx";
import { CodeDoor } from "./code-door.tsx";
import type { ScreenProps } from "./props.ts";

function BackButton({ locale, leave }: ScreenProps) {
  if (leave.cancel === null) return null;
  return (
    <button class="second" type="button" onClick={leave.cancel}>
      {laterWordsOf(locale).back}
    </button>
  );
}

/** The last prompt did not pay: what happened, and the one next step. */
export function UnsuccessfulScreen(props: ScreenProps) {
  const { model, view, locale, now, session } = props;
  const words = laterWordsOf(locale);
  const reason = view.reason ?? "other";
  const { happened, next } = reasonWords(reason, locale);
  const step = nextStepFor(reason);
  const wait = waitMs(model, now);
  const phone = parsePhone(model.phone);
  const again = () => {
    if (wait > 0) return;
    if (step === "other_phone") session.again("other");
    else if (phone === null) session.again("same");
    else session.pay();
  };
  const label = phone === null ? words.tryAgain : words.tryWith(readablePhone(phone));
  const other = phone !== null && step !== "other_phone";
  return (
    <>
      <Mark drawing="alert" tone="bad" />
      <Pane title={happened}>
        <p>{next}</p>
        {step === "ask_shop" ? (
          <BackButton {...props} />
        ) : (
          <button class="main" type="button" onClick={again} aria-disabled={wait > 0}>
            {wait > 0
              ? props.words.tryAgainIn(clock(wait))
              : step === "other_phone"
                ? words.otherPhone
                : label}
          </button>
        )}
        {other && step !== "ask_shop" && (
          <button class="quiet" type="button" onClick={() => session.again("other")}>
            {words.otherPhone}
          </button>
        )}
        {step === "ask_shop" && (
          <button class="quiet" type="button" onClick={() => session.again("same")}>
            {words.tryAgain}
          </button>
        )}
      </Pane>
    </>
  );
}

/** Over without money, by the shop or by time. */
export function ClosedScreen(props: ScreenProps) {
  const { view, locale, now } = props;
  const words = laterWordsOf(locale);
  const late = view.status === "expired" || Date.parse(view.expiresAt) <= now;
  return (
    <>
      <Mark drawing="clock" tone="calm" />
      <Pane title={late ? words.expired : words.closed}>
        <p>{words.closedHint}</p>
        <BackButton {...props} />
      </Pane>
    </>
  );
}

export function ReviewScreen(props: ScreenProps) {
  const words = laterWordsOf(props.locale);
  return (
    <>
      <Mark drawing="alert" tone="calm" />
      <Pane title={words.review}>
        <p>{words.reviewHint}</p>
        {props.view.receipt === null && <CodeDoor {...props} />}
      </Pane>
    </>
  );
}

export function ReversedScreen(props: ScreenProps) {
  const words = laterWordsOf(props.locale);
  return (
    <>
      <Mark drawing="back" tone="calm" />
      <Pane title={words.reversed}>
        <p>{words.reversedHint}</p>
        <BackButton {...props} />
      </Pane>
    </>
  );
}
