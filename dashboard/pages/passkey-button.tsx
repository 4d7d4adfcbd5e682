import { useState } from "preact/hooks";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Notice } from "../ui/notice.tsx";
import { failureText } from "./failure.tsx";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly failure: Failure };

interface PasskeyButtonProps {
  readonly look: "main" | "plain";
  /** Asks for a passkey and sends it; gives what went wrong, or null. */
  readonly run: () => Promise<Failure | null>;
}

/** The way in by passkey, with what went wrong above it. */
export function PasskeyButton({ look, run }: PasskeyButtonProps) {
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const use = async () => {
    setTrying({ kind: "busy" });
    const failure = await run();
    if (failure !== null) setTrying({ kind: "failed", failure });
  };
  const busy = trying.kind === "busy";
  return (
    <div class="passkey-way">
      {trying.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(trying.failure)}
        </Notice>
      )}
      <Button look={look} state={busy ? "busy" : "ready"} onClick={() => void use()}>
        <Icon name="key" />
        {busy ? say("passkeys.using") : say("passkeys.use")}
      </Button>
    </div>
  );
}

/** Between two ways of doing the same. */
export function Or() {
  return <p class="or soft">{say("passkeys.or")}</p>;
}
