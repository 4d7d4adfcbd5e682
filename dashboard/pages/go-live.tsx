import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { GoLiveView, StepView } from "../../shared/go-live-api.ts";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { readGoLive } from "../go-live-client.ts";
import { listen } from "../live.ts";
import { merchantNow, useMerchant } from "../merchant-choice.ts";
import { Step } from "./go-live/step.tsx";
import { Loaded } from "./loaded.tsx";
import { MerchantSelect } from "./merchant-select.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

type Reading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: GoLiveView };

const reading = signal<Reading>({ kind: "loading" });

async function open(): Promise<void> {
  const asked = merchantNow();
  const answer = await readGoLive();
  if (asked !== merchantNow()) return;
  if (answer.ok) reading.value = { kind: "ready", view: answer.value };
  else if (reading.peek().kind !== "ready") {
    reading.value = { kind: "failed", failure: answer.failure };
  }
}

/** From the simulator to real money: a list that checks itself. */
export function GoLivePage() {
  useTitle(say("goLive.title"));
  const merchant = useMerchant();
  useEffect(() => {
    reading.value = { kind: "loading" };
    void open();
  }, [merchant]);
  useEffect(() => listen({ nudged: () => void open(), ticked: () => void open() }), []);
  return (
    <>
      <h1 class="page-title">{say("goLive.title")}</h1>
      <SettingsNav />
      <MerchantSelect of="one" />
      <Content key={merchant} merchant={merchant} />
    </>
  );
}

function Content({ merchant }: { readonly merchant: string }) {
  return (
    <Loaded of={reading.value} failed={say("goLive.failed")} onRetry={() => void open()}>
      {(now) => <Steps view={now.view} merchant={merchant} />}
    </Loaded>
  );
}

const isDone = ({ state }: StepView): boolean => state === "done";
const isDoable = ({ name }: StepView): boolean => name !== "sandbox" && name !== "production";

function Steps({ view, merchant }: { readonly view: GoLiveView; readonly merchant: string }) {
  const doable = view.steps.filter(isDoable);
  const next = view.steps.find((step) => !isDone(step));
  const take = (fresh: GoLiveView) => {
    if (merchant === merchantNow()) reading.value = { kind: "ready", view: fresh };
  };
  return (
    <div class="settings">
      <p class="settings-lead">{say(`goLive.lead.${view.environment}`)}</p>
      <p>
        <strong>
          {say("goLive.count", { done: doable.filter(isDone).length, all: doable.length })}
        </strong>
      </p>
      <ol class="steps">
        {view.steps.map((step) => (
          <Step
            key={step.name}
            step={step}
            place={step === next ? "next" : "other"}
            view={view}
            onView={take}
          />
        ))}
      </ol>
    </div>
  );
}
