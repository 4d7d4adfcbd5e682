import { useEffect, useState } from "preact/hooks";
import type { FactorBegun, SecurityView } from "../../../shared/security-api.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { postFactorBegin } from "../../security-client.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/pill.tsx";
import { failureText } from "../failure.tsx";
import { Loaded } from "../loaded.tsx";
import { EndFactor, NewFactor } from "./factor-dialogs.tsx";
import { forgetCodes, openSecurity, security, takeCodes, takeSecurity } from "./security-store.ts";

type Doing =
  | { readonly kind: "nothing" }
  | { readonly kind: "busy" }
  | { readonly kind: "new"; readonly begun: FactorBegun }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** A code after the password: on and off. */
export function SecondFactor() {
  const [doing, setDoing] = useState<Doing>({ kind: "nothing" });
  // Codes that nobody noted are not shown to whoever comes back later.
  useEffect(() => {
    void openSecurity();
    return forgetCodes;
  }, []);
  const rest = () => setDoing({ kind: "nothing" });
  const begin = async () => {
    setDoing({ kind: "busy" });
    const answer = await postFactorBegin();
    if (answer.ok) setDoing({ kind: "new", begun: answer.value });
    else setDoing({ kind: "failed", failure: answer.failure });
  };
  const now = security.value;
  return (
    <section class="panel" aria-labelledby="factor">
      <h2 id="factor">{say("factor.title")}</h2>
      <p class="settings-lead">{say("factor.lead")}</p>
      {doing.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(doing.failure)}
        </Notice>
      )}
      <State
        busy={doing.kind === "busy"}
        onBegin={() => void begin()}
        onEnd={() => setDoing({ kind: "end" })}
      />
      {doing.kind === "new" && (
        <NewFactor
          begun={doing.begun}
          onClose={rest}
          onDone={(codes) => {
            rest();
            takeCodes(codes);
          }}
        />
      )}
      {doing.kind === "end" && (
        <EndFactor
          hasPasskeys={now.kind === "ready" && now.view.passkeys.length > 0}
          onClose={rest}
          onDone={(view) => {
            rest();
            takeSecurity(view);
          }}
        />
      )}
    </section>
  );
}

interface StateProps {
  readonly busy: boolean;
  readonly onBegin: () => void;
  readonly onEnd: () => void;
}

function State({ busy, onBegin, onEnd }: StateProps) {
  const state = busy ? "busy" : "ready";
  return (
    <Loaded
      of={security.value}
      failed={say("factor.failed")}
      onRetry={() => void openSecurity()}
      outline={<p class="soft">{say("app.loading")}</p>}
    >
      {(now) =>
        now.view.secondFactor === "off" ? (
          <>
            <p>
              <Tag tone="calm">{say("factor.isOff")}</Tag>
            </p>
            <p class="settings-actions">
              <Button state={state} onClick={onBegin}>
                {say("factor.on")}
              </Button>
            </p>
          </>
        ) : (
          <>
            <Facts view={now.view} />
            <p class="settings-actions">
              <Button onClick={onEnd}>{say("factor.off")}</Button>
            </p>
          </>
        )
      }
    </Loaded>
  );
}

function Facts({ view }: { readonly view: SecurityView }) {
  return (
    <p class="factor-facts">
      <Tag tone="good">{say("factor.isOn")}</Tag>
      {view.since !== null && (
        <span class="soft">{say("factor.since", { when: moment(view.since, Date.now()) })}</span>
      )}
    </p>
  );
}
