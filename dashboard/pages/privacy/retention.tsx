import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { RetentionView } from "../../../shared/privacy-api.ts";
import { RETENTION_DAYS, type RetentionDays } from "../../../shared/retention-words.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { hasSeveral, merchantNow, useMerchant } from "../../merchant-choice.ts";
import { readRetention } from "../../privacy-client.ts";
import { can } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { RadioList } from "../../ui/radio-list.tsx";
import { Loaded } from "../loaded.tsx";
import { MerchantSelect } from "../merchant-select.tsx";
import { RetentionQuestion } from "./retention-question.tsx";

type Reading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: RetentionView };

const reading = signal<Reading>({ kind: "loading" });

async function open(): Promise<void> {
  const asked = merchantNow();
  const answer = await readRetention();
  if (asked !== merchantNow()) return;
  if (answer.ok) reading.value = { kind: "ready", view: answer.value };
  else if (reading.peek().kind !== "ready") {
    reading.value = { kind: "failed", failure: answer.failure };
  }
}

/** For how long a merchant's numbers are kept once their payment is over. */
export function Retention() {
  const merchant = useMerchant();
  useEffect(() => {
    reading.value = { kind: "loading" };
    void open();
  }, [merchant]);
  return (
    <section class="panel" aria-labelledby="retention">
      <h2 id="retention">{say("retention.title")}</h2>
      <p class="settings-lead">{say("retention.lead")}</p>
      <p class="settings-lead">{say("retention.law")}</p>
      <p class="settings-lead">
        {say("retention.orphans")} {hasSeveral() && say("retention.orphansLongest")}
      </p>
      <MerchantSelect of="one" />
      <Content key={merchant} merchant={merchant} />
    </section>
  );
}

function Content({ merchant }: { readonly merchant: string }) {
  return (
    <Loaded of={reading.value} failed={say("retention.failed")} onRetry={() => void open()}>
      {(now) => <Choice view={now.view} merchant={merchant} />}
    </Loaded>
  );
}

const NEVER = "never";
type Chosen = typeof NEVER | `${RetentionDays}`;
const CHOICES: readonly Chosen[] = [NEVER, ...RETENTION_DAYS.map((days) => `${days}` as const)];

export function daysWord(days: RetentionDays | null): string {
  return say(`retention.days.${days ?? NEVER}`);
}

type Stage = "choosing" | "same" | "asking" | "saved";

interface ChoiceProps {
  readonly view: RetentionView;
  readonly merchant: string;
}

function Choice({ view, merchant }: ChoiceProps) {
  const [chosen, setChosen] = useState<Chosen>(`${view.days ?? NEVER}`);
  const [stage, setStage] = useState<Stage>("choosing");
  const days = RETENTION_DAYS.find((one) => `${one}` === chosen) ?? null;
  const take = (next: RetentionView, then: Stage) => {
    // Somebody may have turned to another merchant while this one's time was saved.
    if (merchant !== merchantNow()) return;
    reading.value = { kind: "ready", view: next };
    setChosen(`${next.days ?? NEVER}`);
    setStage(then);
  };
  if (!can("erase_people")) return <p>{`${say("retention.legend")}: ${daysWord(view.days)}`}</p>;
  return (
    <>
      <RadioList
        label={say("retention.legend")}
        value={chosen}
        options={CHOICES.map((value) => ({ value, word: say(`retention.days.${value}`) }))}
        onChange={(value) => {
          setChosen(value);
          setStage("choosing");
        }}
      />
      <p class="soft retention-runs">
        {say("retention.runs")}{" "}
        {view.days !== null &&
          (view.lastRunAt === null
            ? say("retention.noRun")
            : say("retention.lastRun", { when: moment(view.lastRunAt, Date.now()) }))}
      </p>
      <div role="status">
        {stage === "same" && (
          <Notice tone="calm" icon="question">
            {say("retention.same")}
          </Notice>
        )}
        {stage === "saved" && (
          <Notice tone="good" icon="check">
            {say("retention.saved")}
          </Notice>
        )}
      </div>
      <p class="settings-actions">
        <Button onClick={() => setStage(days === view.days ? "same" : "asking")}>
          {say("retention.change")}
        </Button>
      </p>
      {stage === "asking" && (
        <RetentionQuestion
          view={view}
          merchant={merchant}
          days={days}
          word={daysWord(days)}
          onDone={(next) => take(next, "saved")}
          onStale={() => void open()}
          onClose={() => setStage("choosing")}
        />
      )}
    </>
  );
}
