import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PROMPT_LIMIT_NAMES } from "../../shared/prompt-limits.ts";
import type { PromptLimitsView } from "../../shared/prompt-limits-api.ts";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { readLimits } from "../limits-client.ts";
import { hasSeveral, merchantNow, useMerchant } from "../merchant-choice.ts";
import { can } from "../session.ts";
import { Facts } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { roleList } from "./failure.tsx";
import { LimitsForm } from "./limits/limits-form.tsx";
import { Loaded } from "./loaded.tsx";
import { MerchantSelect } from "./merchant-select.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

type Reading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: PromptLimitsView };

const reading = signal<Reading>({ kind: "loading" });

async function open(): Promise<PromptLimitsView | null> {
  const asked = merchantNow();
  const answer = await readLimits();
  if (asked !== merchantNow()) return null;
  if (answer.ok) {
    reading.value = { kind: "ready", view: answer.value };
    return answer.value;
  }
  if (reading.peek().kind !== "ready") reading.value = { kind: "failed", failure: answer.failure };
  return null;
}

/** How often a customer's phone may be prompted, which keeps strangers from bombing it. */
export function LimitsPage() {
  useTitle(say("limits.title"));
  const merchant = useMerchant();
  // Each visit reads anew: a form must begin from what is true, not from the last visit.
  useEffect(() => {
    reading.value = { kind: "loading" };
    void open();
  }, [merchant]);
  return (
    <>
      <h1 class="page-title">{say("limits.title")}</h1>
      <SettingsNav />
      <MerchantSelect of="one" />
      <Content key={merchant} merchant={merchant} />
    </>
  );
}

function take(view: PromptLimitsView, of: string): void {
  // Somebody may have turned to another merchant while this one's limits were saved.
  if (of === merchantNow()) reading.value = { kind: "ready", view };
}

function Content({ merchant }: { readonly merchant: string }) {
  return (
    <Loaded of={reading.value} failed={say("limits.failed")} onRetry={() => void open()}>
      {(now) => <Panel view={now.view} merchant={merchant} />}
    </Loaded>
  );
}

interface PanelProps {
  readonly view: PromptLimitsView;
  readonly merchant: string;
}

function Panel({ view, merchant }: PanelProps) {
  return (
    <div class="settings">
      <section class="panel" aria-labelledby="limits">
        <h2 id="limits">{say("limits.heading")}</h2>
        <p class="settings-lead">{say("limits.lead")}</p>
        {hasSeveral() && <p class="settings-lead">{say("limits.everyMerchant")}</p>}
        {view.testPhones === "exempt" && (
          <Notice tone="calm" icon="question">
            {say("limits.testPhones")}
          </Notice>
        )}
        {can("manage_limits") ? (
          <LimitsForm
            view={view}
            merchant={merchant}
            onView={(next) => take(next, merchant)}
            onStale={open}
          />
        ) : (
          <>
            <Notice tone="calm" icon="person">
              {say("problem.not_allowed", { roles: roleList(["owner"]) })}
            </Notice>
            <Facts
              facts={PROMPT_LIMIT_NAMES.map((name) => ({
                name: say(`limits.${name}`),
                value: view.limits[name],
              }))}
            />
          </>
        )}
      </section>
    </div>
  );
}
