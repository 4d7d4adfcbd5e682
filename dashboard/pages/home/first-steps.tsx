import { say } from "../../dictionary/words.ts";
import { OUTSIDE, PATHS } from "../../paths.ts";
import { session } from "../../session.ts";
import { Blank } from "../../ui/blank.tsx";

/** A fresh installation: the demo shop where there is one, and the way into the own shop. */
export function FirstSteps() {
  const now = session.value;
  const simulated = now.kind === "in" && now.view.environment === "simulator";
  const embed = (
    <a class={`button button-${simulated ? "plain" : "main"}`} href={PATHS.settings}>
      {say("home.empty.embed")}
    </a>
  );
  if (!simulated) {
    return (
      <Blank icon="phone" title={say("list.empty.title")} text={say("home.empty.live")}>
        {embed}
      </Blank>
    );
  }
  return (
    <Blank icon="phone" title={say("list.empty.title")} text={say("list.empty.demo")}>
      <a class="button button-main" href={OUTSIDE.demo} target="_blank" rel="noreferrer">
        {say("list.empty.openDemo")}
      </a>
      <a class="button button-plain" href={OUTSIDE.handset} target="_blank" rel="noreferrer">
        {say("list.empty.openHandset")}
      </a>
      {embed}
    </Blank>
  );
}
