import { useEffect, useRef, useState } from "preact/hooks";
import type { AuditStep } from "../../../shared/audit-api.ts";
import { readAuditStep } from "../../audit-client.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/notice.tsx";
import { failureText } from "../failure.tsx";

type Verifying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy"; readonly checked: number; readonly total: number }
  | { readonly kind: "whole"; readonly step: AuditStep }
  | { readonly kind: "broken"; readonly broken: NonNullable<AuditStep["broken"]> }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Walks along the whole chain, and says how far it is and what it found. */
export function AuditVerify() {
  const [now, setNow] = useState<Verifying>({ kind: "ready" });
  const here = useRef(true);
  useEffect(
    () => () => {
      here.current = false;
    },
    [],
  );
  const run = async () => {
    if (now.kind === "busy") return;
    const found = await walk((checked, total) => {
      setNow({ kind: "busy", checked, total });
      return here.current;
    });
    if (found !== null) setNow(found);
  };
  return (
    <section class="panel" aria-labelledby="verify">
      <h2 id="verify">{say("audit.verifyTitle")}</h2>
      <p class="settings-lead">{say("audit.verifyLead")}</p>
      <Result now={now} />
      <p class="settings-actions">
        <Button state={now.kind === "busy" ? "busy" : "ready"} onClick={() => void run()}>
          {say(now.kind === "busy" ? "audit.verifying" : "audit.verify")}
        </Button>
      </p>
    </section>
  );
}

/** Step by step to the newest row; null when nobody waits for the answer any more. */
async function walk(tell: (checked: number, total: number) => boolean): Promise<Verifying | null> {
  for (let after = 0, total = 0; ; ) {
    if (!tell(after, total)) return null;
    const answer = await readAuditStep(after);
    if (!answer.ok) return { kind: "failed", failure: answer.failure };
    const step = answer.value;
    if (step.broken !== null) return { kind: "broken", broken: step.broken };
    if (step.checkedTo >= step.total || step.checkedTo === after) return { kind: "whole", step };
    after = step.checkedTo;
    total = step.total;
  }
}

function Result({ now }: { readonly now: Verifying }) {
  switch (now.kind) {
    case "ready":
      return null;
    case "busy":
      return (
        <label class="audit-progress">
          <span>{say("audit.progress", { n: now.checked, of: now.total })}</span>
          <progress max={Math.max(now.total, 1)} value={now.checked} />
        </label>
      );
    case "whole":
      return (
        <Notice tone="good" icon="check" role="status">
          <p>{say("audit.whole", { n: now.step.total })}</p>
          <p>{say("audit.noteHash")}</p>
          <CodeBlock
            text={now.step.newestHash}
            label={say("audit.newestHash")}
            copy={{
              label: say("audit.copyHash"),
              word: say("payment.copy"),
              done: say("payment.copied"),
            }}
          />
        </Notice>
      );
    case "broken":
      return (
        <Notice tone="bad" icon="alert" role="alert">
          <p>{say(`audit.fault.${now.broken.fault}`, { n: now.broken.row })}</p>
          <p>{say("audit.brokenHelp")}</p>
        </Notice>
      );
    case "failed":
      return (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(now.failure)}
        </Notice>
      );
  }
}
