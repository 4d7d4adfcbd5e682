import { useId } from "preact/hooks";
import type { GoLiveStep, GoLiveView, StepView } from "../../../shared/go-live-api.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { merchantNow, pathAbout } from "../../merchant-choice.ts";
import { OUTSIDE, PATHS } from "../../paths.ts";
import { can } from "../../session.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import type { IconName } from "../../ui/icon.tsx";
import { Pill, type Tone } from "../../ui/pill.tsx";
import { nextEnvironment } from "./environment.ts";
import { Trial } from "./trial.tsx";

interface StepProps {
  readonly step: StepView;
  /** The first one that is not done is the one to do now. */
  readonly place: "next" | "other";
  readonly view: GoLiveView;
  readonly onView: (view: GoLiveView) => void;
}

const MARKS: Readonly<Record<StepView["state"], { icon: IconName; tone: Tone }>> = {
  done: { icon: "check", tone: "good" },
  old: { icon: "clock", tone: "doubt" },
  open: { icon: "dot", tone: "calm" },
};

/** One step: what it is, whether it is done, and what to do about it. */
export function Step({ step, place, view, onView }: StepProps) {
  const heading = useId();
  const { name, state, at } = step;
  return (
    <li class={`panel step step-${state}`} aria-current={place === "next" ? "step" : undefined}>
      <div class="step-head">
        <h2 id={heading}>{say(`goLive.${name}`)}</h2>
        <Pill {...MARKS[state]}>{say(`goLive.state.${state}`)}</Pill>
      </div>
      <p>{say(`goLive.${name}.why`)}</p>
      {at !== null && (
        <p class="soft">{say("goLive.lastSeen", { when: moment(at, Date.now()) })}</p>
      )}
      <Way name={name} state={state} view={view} onView={onView} />
    </li>
  );
}

interface WayProps {
  readonly name: GoLiveStep;
  readonly state: StepView["state"];
  readonly view: GoLiveView;
  readonly onView: (view: GoLiveView) => void;
}

/** How the step is taken: a trial, another page, or lines for the server. */
function Way({ name, state, view, onView }: WayProps) {
  switch (name) {
    case "credentials":
    case "callback":
      return can("manage_settings") ? <Trial trial={name} onView={onView} /> : null;
    case "shop_key":
    case "websites":
      return state === "done" ? null : (
        <a href={pathAbout(PATHS.settings, merchantNow())}>{say("goLive.toSettings")}</a>
      );
    case "shop_called":
      return state === "done" ? null : (
        <a href={pathAbout(PATHS.settings, merchantNow())}>{say("goLive.toEmbed")}</a>
      );
    case "first_payment":
      return state === "open" && view.environment === "simulator" ? (
        <a href={OUTSIDE.demo} target="_blank" rel="noopener">
          {say("goLive.toDemo")}
        </a>
      ) : null;
    case "https":
      return state === "done" ? null : <p class="soft">{say("goLive.https.how")}</p>;
    case "sandbox":
    case "production":
      return (
        <CodeBlock
          text={nextEnvironment(name)}
          label={say("goLive.lines")}
          copy={{
            label: say("goLive.copyLines"),
            word: say("payment.copy"),
            done: say("payment.copied"),
          }}
        />
      );
  }
}
