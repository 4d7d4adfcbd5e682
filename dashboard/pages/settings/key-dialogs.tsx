import { useState } from "preact/hooks";
import type { KeyView, NewKeyAnswer } from "../../../shared/settings-api.ts";
import { say } from "../../dictionary/words.ts";
import { postNewKey, postRevokeKey } from "../../settings-client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { ConfirmForm } from "../confirm-form.tsx";
import { KIND_ORDER } from "./key-kinds.ts";
import { keyName } from "./keys.tsx";
import { openSettings, takeSettings } from "./settings-store.ts";

interface NewKeyProps {
  readonly onClose: () => void;
  readonly onMade: (answer: NewKeyAnswer) => void;
}

/** Which kind; a key opens money, so the server may ask who is there. */
export function NewKey({ onClose, onMade }: NewKeyProps) {
  const [kind, setKind] = useState<KeyView["kind"]>("secret");
  return (
    <Dialog title={say("keys.new")} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say("keys.create")}
        onClose={onClose}
        onFailed={readAnew}
        send={() => postNewKey(kind)}
        onDone={onMade}
      >
        <Segmented
          label={say("keys.kind")}
          value={kind}
          options={KIND_ORDER.map((value) => ({ value, word: say(`keys.kind.${value}`) }))}
          onChange={setKind}
        />
        <p class="soft">{say(`keys.help.${kind}`)}</p>
      </ConfirmForm>
    </Dialog>
  );
}

interface RevokeKeyProps {
  readonly shown: KeyView;
  readonly onClose: () => void;
}

/** Names the key and what stops working with it. */
export function RevokeKey({ shown, onClose }: RevokeKeyProps) {
  return (
    <Dialog title={say("keys.revokeNamed", { key: keyName(shown) })} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say("keys.revoke")}
        onClose={onClose}
        onFailed={readAnew}
        send={() => postRevokeKey(shown.id)}
        onDone={(view) => {
          takeSettings(view);
          onClose();
        }}
      >
        <p>{say("keys.revokeText")}</p>
      </ConfirmForm>
    </Dialog>
  );
}

/** Somebody may have been here first: what the page shows behind the question is read again. */
function readAnew(): void {
  void openSettings();
}
