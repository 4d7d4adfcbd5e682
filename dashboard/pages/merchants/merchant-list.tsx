import { useState } from "preact/hooks";
import type { MerchantView } from "../../../shared/merchants-api.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { pathAbout } from "../../merchant-choice.ts";
import { postPause } from "../../merchants-client.ts";
import { PATHS } from "../../paths.ts";
import { can } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Pill } from "../../ui/pill.tsx";
import { ConfirmForm } from "../confirm-form.tsx";
import { ChangeCredentials } from "./change-credentials.tsx";
import { credentialsHere } from "./credentials-here.ts";

interface MerchantListProps {
  readonly merchants: readonly MerchantView[];
  readonly onChanged: () => void;
  /** Hears whose credentials are others now. */
  readonly onProved: (name: string) => void;
}

/** Who is paid here, and the ways to each one's own settings. */
export function MerchantList({ merchants, onChanged, onProved }: MerchantListProps) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  return (
    <section class="panel" aria-labelledby="merchants">
      <h2 id="merchants">{say("merchants.here")}</h2>
      <ul class="merchants">
        {merchants.map((merchant) => (
          <Merchant
            key={merchant.id}
            merchant={merchant}
            onAsk={(what) => setAsking({ what, merchant })}
          />
        ))}
      </ul>
      {asking?.what === "pause" && (
        <PauseQuestion merchant={asking.merchant} onChanged={onChanged} onClose={close} />
      )}
      {asking?.what === "credentials" && (
        <ChangeCredentials merchant={asking.merchant} onProved={onProved} onClose={close} />
      )}
    </section>
  );
}

interface Asking {
  readonly what: "pause" | "credentials";
  readonly merchant: MerchantView;
}

interface MerchantProps {
  readonly merchant: MerchantView;
  readonly onAsk: (what: Asking["what"]) => void;
}

function Merchant({ merchant, onAsk }: MerchantProps) {
  const { id, name, pausedAt } = merchant;
  const [settings, look] = [pathAbout(PATHS.settings, id), pathAbout(PATHS.look, id)];
  return (
    <li>
      <div class="merchants-words">
        <h3>{name}</h3>
        <p>{numberWords(merchant)}</p>
        {merchant.origin === "default" && <p class="soft">{say("merchants.default")}</p>}
        {pausedAt !== null && (
          <p>
            <Pill tone="wait" icon="hand">
              {say("merchants.paused")}
            </Pill>{" "}
            <span class="soft">{moment(pausedAt, Date.now())}</span>
          </p>
        )}
        <p class="merchants-ways">
          <a href={settings} aria-label={say("merchants.settingsNamed", { name })}>
            {say("merchants.settings")}
          </a>
          <a href={look} aria-label={say("merchants.renameNamed", { name })}>
            {say("merchants.rename")}
          </a>
        </p>
      </div>
      {can("manage_merchants") && (
        <div class="merchants-acts">
          <Button label={pauseWords(merchant)} onClick={() => onAsk("pause")}>
            {say(pausedAt === null ? "merchants.pause" : "merchants.resume")}
          </Button>
          {merchant.origin === "further" && credentialsHere() === "wanted" && (
            <Button
              label={say("merchants.changeNamed", { name })}
              onClick={() => onAsk("credentials")}
            >
              {say("merchants.change")}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

/** "Pay bill 600000", or "Till 5550001, store number 600001". */
function numberWords({ shortcode, till }: MerchantView): string {
  return till === null
    ? say("merchants.numberPaybill", { shortcode })
    : say("merchants.numberTill", { till, shortcode });
}

function pauseWords({ name, pausedAt }: MerchantView): string {
  return say(pausedAt === null ? "merchants.pauseNamed" : "merchants.resumeNamed", { name });
}

interface PauseQuestionProps extends Pick<MerchantListProps, "onChanged"> {
  readonly merchant: MerchantView;
  readonly onClose: () => void;
}

/** Names the merchant and what will and will not happen. */
function PauseQuestion({ merchant, onChanged, onClose }: PauseQuestionProps) {
  const { id, pausedAt } = merchant;
  const pausing = pausedAt === null;
  return (
    <Dialog title={pauseWords(merchant)} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say(pausing ? "merchants.pause" : "merchants.resume")}
        send={() => postPause(id, pausing)}
        onDone={() => {
          onChanged();
          onClose();
        }}
        onFailed={onChanged}
        onClose={onClose}
      >
        <p>{say(pausing ? "merchants.pauseText" : "merchants.resumeText")}</p>
      </ConfirmForm>
    </Dialog>
  );
}
