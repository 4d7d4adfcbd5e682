import { useEffect } from "preact/hooks";
import { say } from "../dictionary/words.ts";
import { listen } from "../live.ts";
import { SkeletonBlocks } from "../ui/skeleton.tsx";
import { Failed } from "./failure.tsx";
import { openRule, rule } from "./safety/rule-store.ts";
import { TwoPeople } from "./safety/two-people.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

/** Rules that keep money safe from one stolen or mistaken hand. */
export function SafetyPage() {
  useTitle(say("safety.title"));
  useEffect(() => void openRule(), []);
  useEffect(() => listen({ nudged: () => {}, ticked: () => void openRule() }), []);
  return (
    <>
      <h1 class="page-title">{say("safety.title")}</h1>
      <SettingsNav />
      <Content />
    </>
  );
}

function Content() {
  const now = rule.value;
  switch (now.kind) {
    case "loading":
      return <SkeletonBlocks label={say("app.loading")} />;
    case "failed":
      return (
        <Failed
          title={say("safety.failed")}
          failure={now.failure}
          onRetry={() => void openRule()}
        />
      );
    case "ready":
      return (
        <div class="settings">
          <TwoPeople view={now.view} />
        </div>
      );
  }
}
