import { useEffect, useState } from "preact/hooks";
import type { FactorBegun, RecoveryCodes, SecurityView } from "../../../shared/security-api.ts";
import type { Failure } from "../../client.ts";
import { say, sayCount } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { postFactorBegin, postRecoveryCodes } from "../../security-client.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/pill.tsx";
import { Failed, failureText } from "../failure.tsx";
import { EndFactor, NewFactor } from "./factor-dialogs.tsx";
import { openSecurity, security, takeSecurity } from "./security-store.ts";

type Doing =
  | { readonly kind: "nothing" }
  | { readonly kind: "busy" }
  | { readonly kind: "new"; readonly begun: FactorBegun }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Codes left when it is time to make new ones. */
const FEW_CODES = 3;

/** A code after the password: on, off, and the recovery codes for when the phone is gone. */
export function SecondFactor() {
  const [doing, setDoing] = useState<Doing>({ kind: "nothing" });
  const [fresh, setFresh] = useState<readonly string[] | null>(null);
  useEffect(() => void openSecurity(), []);
  const rest = () => setDoing({ kind: "nothing" });
  const takeCodes = ({ recoveryCodes, view }: RecoveryCodes) => {
    rest();
    setFresh(recoveryCodes);
    takeSecurity(view);
  };
  const begin = async () => {
    setDoing({ kind: "busy" });
    const answer = await postFactorBegin();
    if (answer.ok) setDoing({ kind: "new", begun: answer.value });
    else setDoing({ kind: "failed", failure: answer.failure });
  };
  const renew = async () => {
    setDoing({ kind: "busy" });
    const answer = await postRecoveryCodes();
    if (answer.ok) takeCodes(answer.value);
    else setDoing({ kind: "failed", failure: answer.failure });
  };
  return (
    <section class="panel" aria-labelledby="factor">
      <h2 id="factor">{say("factor.title")}</h2>
      <p class="settings-lead">{say("factor.lead")}</p>
      {doing.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(doing.failure)}
        </Notice>
      )}
      {fresh !== null && <FreshCodes codes={fresh} onKept={() => setFresh(null)} />}
      <State
        busy={doing.kind === "busy"}
        onBegin={() => void begin()}
        onRenew={() => void renew()}
        onEnd={() => setDoing({ kind: "end" })}
      />
      {doing.kind === "new" && <NewFactor begun={doing.begun} onClose={rest} onDone={takeCodes} />}
      {doing.kind === "end" && (
        <EndFactor
          onClose={rest}
          onDone={(view) => {
            rest();
            setFresh(null);
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
  readonly onRenew: () => void;
  readonly onEnd: () => void;
}

function State({ busy, onBegin, onRenew, onEnd }: StateProps) {
  const now = security.value;
  const state = busy ? "busy" : "ready";
  switch (now.kind) {
    case "loading":
      return <p class="soft">{say("app.loading")}</p>;
    case "failed":
      return (
        <Failed
          title={say("factor.failed")}
          failure={now.failure}
          onRetry={() => void openSecurity()}
        />
      );
    case "ready":
      return now.view.secondFactor === "off" ? (
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
            <Button state={state} onClick={onRenew}>
              {say("factor.renew")}
            </Button>
            <Button look="quiet" onClick={onEnd}>
              {say("factor.off")}
            </Button>
          </p>
        </>
      );
  }
}

function Facts({ view }: { readonly view: SecurityView }) {
  const left = view.recoveryCodesLeft ?? 0;
  return (
    <p class="factor-facts">
      <Tag tone="good">{say("factor.isOn")}</Tag>
      {view.since !== null && (
        <span class="soft">{say("factor.since", { when: moment(view.since, Date.now()) })}</span>
      )}
      {left <= FEW_CODES ? (
        <Tag tone="doubt">{sayCount("factor.left", left)}</Tag>
      ) : (
        <span class="soft">{sayCount("factor.left", left)}</span>
      )}
    </p>
  );
}

interface FreshCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

function FreshCodes({ codes, onKept }: FreshCodesProps) {
  return (
    <Notice tone="good" icon="check" role="status">
      <p>{say("factor.fresh")}</p>
      <CodeBlock
        text={codes.join("\n")}
        label={say("factor.codes")}
        copy={{
          label: say("factor.copyCodes"),
          word: say("payment.copy"),
          done: say("payment.copied"),
        }}
      />
      <Button onClick={onKept}>{say("factor.kept")}</Button>
    </Notice>
  );
}
