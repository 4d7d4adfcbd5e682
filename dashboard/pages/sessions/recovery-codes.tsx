import { useState } from "preact/hooks";
import type { Failure } from "../../client.ts";
import { say, sayCount } from "../../dictionary/words.ts";
import { postRecoveryCodes } from "../../security-client.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/pill.tsx";
import { failureText } from "../failure.tsx";
import { forgetCodes, freshCodes, security, takeCodes } from "./security-store.ts";

type Doing =
  | { readonly kind: "nothing" }
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Codes left when it is time to make new ones. */
const FEW_CODES = 3;

/** For the day when the phone or the passkey is gone; there are none without a second factor. */
export function RecoveryCodesPanel() {
  const [doing, setDoing] = useState<Doing>({ kind: "nothing" });
  const now = security.value;
  const left = now.kind === "ready" ? now.view.recoveryCodesLeft : null;
  if (left === null) return null;
  const renew = async () => {
    setDoing({ kind: "busy" });
    const answer = await postRecoveryCodes();
    setDoing(answer.ok ? { kind: "nothing" } : { kind: "failed", failure: answer.failure });
    if (answer.ok) takeCodes(answer.value);
  };
  return (
    <section class="panel" aria-labelledby="codes">
      <h2 id="codes">{say("codes.title")}</h2>
      <p class="settings-lead">{say("codes.lead")}</p>
      {doing.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(doing.failure)}
        </Notice>
      )}
      {freshCodes.value.length > 0 && <FreshCodes codes={freshCodes.value} />}
      <p>
        <Tag tone={left <= FEW_CODES ? "doubt" : "calm"}>{sayCount("factor.left", left)}</Tag>
      </p>
      <p class="settings-actions">
        <Button state={doing.kind === "busy" ? "busy" : "ready"} onClick={() => void renew()}>
          {say("factor.renew")}
        </Button>
      </p>
    </section>
  );
}

function FreshCodes({ codes }: { readonly codes: readonly string[] }) {
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
      <Button onClick={forgetCodes}>{say("factor.kept")}</Button>
    </Notice>
  );
}
