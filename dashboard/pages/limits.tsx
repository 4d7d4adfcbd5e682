import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PROMPT_LIMIT_NAMES } from "../../shared/prompt-limits.ts";
import type { PromptLimitsView } from "../../shared/prompt-limits-api.ts";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { readLimits } from "../limits-client.ts";
import { can } from "../session.ts";
import { Facts } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { SkeletonBlocks } from "../ui/skeleton.tsx";
import { Failed, roleList } from "./failure.tsx";
import { LimitsForm } from "./limits/limits-form.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

type Reading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: PromptLimitsView };

const reading = signal<Reading>({ kind: "loading" });

async function open(): Promise<PromptLimitsView | null> {
  const answer = await readLimits();
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
  // Each visit reads anew: a form must begin from what is true, not from the last visit.
  useEffect(() => {
    reading.value = { kind: "loading" };
    void open();
  }, []);
  return (
    <>
      <h1 class="page-title">{say("limits.title")}</h1>
      <SettingsNav />
      <Content />
    </>
  );
}

function Content() {
  const now = reading.value;
  switch (now.kind) {
    case "loading":
      return <SkeletonBlocks label={say("app.loading")} />;
    case "failed":
      return (
        <Failed title={say("limits.failed")} failure={now.failure} onRetry={() => void open()} />
      );
    case "ready":
      return <Panel view={now.view} />;
  }
}

function Panel({ view }: { readonly view: PromptLimitsView }) {
  return (
    <div class="settings">
      <section class="panel" aria-labelledby="limits">
        <h2 id="limits">{say("limits.heading")}</h2>
        <p class="settings-lead">{say("limits.lead")}</p>
        {view.testPhones === "exempt" && (
          <Notice tone="calm" icon="question">
            {say("limits.testPhones")}
          </Notice>
        )}
        {can("manage_limits") ? (
          <LimitsForm
            view={view}
            onView={(next) => {
              reading.value = { kind: "ready", view: next };
            }}
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
