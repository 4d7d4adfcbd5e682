import { useEffect } from "preact/hooks";
import { say } from "../dictionary/words.ts";
import { listen } from "../live.ts";
import { Loaded } from "./loaded.tsx";
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
  return (
    <Loaded of={rule.value} failed={say("safety.failed")} onRetry={() => void openRule()}>
      {(now) => (
        <div class="settings">
          <TwoPeople view={now.view} />
        </div>
      )}
    </Loaded>
  );
}
