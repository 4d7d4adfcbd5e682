import { useState } from "preact/hooks";
import type { GoLiveView, TrialAnswer } from "../../../shared/go-live-api.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { postTrial } from "../../go-live-client.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { failureText } from "../failure.tsx";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "ended"; readonly result: TrialAnswer["result"]; readonly detail: string }
  | { readonly kind: "failed"; readonly failure: Failure };

interface TrialProps {
  readonly trial: "credentials" | "callback";
  readonly onView: (view: GoLiveView) => void;
}

/** A button that tries the step for real, and what came of it. */
export function Trial({ trial, onView }: TrialProps) {
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const run = async () => {
    setTrying({ kind: "busy" });
    const answer = await postTrial(trial);
    if (!answer.ok) return setTrying({ kind: "failed", failure: answer.failure });
    const { result, detail, view } = answer.value;
    setTrying({ kind: "ended", result, detail });
    onView(view);
  };
  return (
    <>
      {trying.kind === "ended" && (
        <Notice
          tone={trying.result === "passed" ? "good" : "bad"}
          icon={trying.result === "passed" ? "check" : "alert"}
          role={trying.result === "passed" ? "status" : "alert"}
        >
          <p>{say(`goLive.${trial}.${trying.result}`)}</p>
          {trying.detail !== "" && <p class="soft code">{trying.detail}</p>}
        </Notice>
      )}
      {trying.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(trying.failure)}
        </Notice>
      )}
      <p class="settings-actions">
        <Button state={trying.kind === "busy" ? "busy" : "ready"} onClick={() => void run()}>
          {say(trying.kind === "busy" ? "goLive.trying" : `goLive.${trial}.try`)}
        </Button>
      </p>
    </>
  );
}
