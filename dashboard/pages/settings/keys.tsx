import { useState } from "preact/hooks";
import type { KeyView, NewKeyAnswer, SettingsView } from "../../../shared/settings-api.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { can } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/notice.tsx";
import { NewKey, RevokeKey } from "./key-dialogs.tsx";
import { openSettings } from "./settings-store.ts";

type Asking =
  | { readonly kind: "nothing" }
  | { readonly kind: "new" }
  | { readonly kind: "revoke"; readonly key: KeyView };

/** The keys that shops call with: living ones first, ended ones behind a fold. */
export function Keys({ view }: { readonly view: SettingsView }) {
  const [asking, setAsking] = useState<Asking>({ kind: "nothing" });
  const [fresh, setFresh] = useState<NewKeyAnswer | null>(null);
  const mayChange = can("manage_keys");
  const close = () => setAsking({ kind: "nothing" });
  const living = view.keys.filter(({ revokedAt }) => revokedAt === null);
  const ended = view.keys.filter(({ revokedAt }) => revokedAt !== null);
  return (
    <section class="panel" aria-labelledby="keys">
      <h2 id="keys">{say("keys.title")}</h2>
      <p class="settings-lead">{say("keys.lead")}</p>
      {fresh !== null && <FreshKey fresh={fresh} onDone={() => setFresh(null)} />}
      {living.length === 0 ? (
        <p class="soft">{say("keys.none")}</p>
      ) : (
        <KeyList
          keys={living}
          onRevoke={mayChange ? (key) => setAsking({ kind: "revoke", key }) : null}
        />
      )}
      {mayChange && (
        <p class="settings-actions">
          <Button onClick={() => setAsking({ kind: "new" })}>{say("keys.new")}</Button>
        </p>
      )}
      {ended.length > 0 && (
        <details class="keys-ended">
          <summary>{say("keys.ended")}</summary>
          <KeyList keys={ended} onRevoke={null} />
        </details>
      )}
      {asking.kind === "new" && (
        <NewKey
          onClose={close}
          onMade={(answer) => {
            close();
            setFresh(answer);
            void openSettings();
          }}
        />
      )}
      {asking.kind === "revoke" && <RevokeKey shown={asking.key} onClose={close} />}
    </section>
  );
}

function FreshKey({
  fresh,
  onDone,
}: {
  readonly fresh: NewKeyAnswer;
  readonly onDone: () => void;
}) {
  return (
    <Notice tone="good" icon="check" role="status">
      <p>{say("keys.fresh", { kind: say(`keys.kind.${fresh.view.kind}`) })}</p>
      <CodeBlock
        text={fresh.key}
        label={say("keys.freshCode")}
        copy={{
          label: say("keys.copy"),
          word: say("payment.copy"),
          done: say("payment.copied"),
        }}
      />
      <Button onClick={onDone}>{say("keys.kept")}</Button>
    </Notice>
  );
}

interface KeyListProps {
  readonly keys: readonly KeyView[];
  readonly onRevoke: ((key: KeyView) => void) | null;
}

function KeyList({ keys, onRevoke }: KeyListProps) {
  return (
    <ul class="keys">
      {keys.map((key) => (
        <li key={key.id}>
          <div class="keys-words">
            <strong>{say(`keys.kind.${key.kind}`)}</strong> <span class="code">{keyName(key)}</span>
            <p class="soft">{lifeOf(key)}</p>
          </div>
          {onRevoke !== null && (
            <Button
              look="quiet"
              label={say("keys.revokeNamed", { key: keyName(key) })}
              onClick={() => onRevoke(key)}
            >
              {say("keys.revoke")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** As much of a key as may be seen: enough to know which one it is. */
export function keyName({ prefix, tail }: KeyView): string {
  return `${prefix}…${tail}`;
}

function lifeOf({ createdAt, lastUsedAt, revokedAt }: KeyView): string {
  const now = Date.now();
  const made = say("keys.made", { when: moment(createdAt, now) });
  if (revokedAt !== null) return `${made} ${say("keys.revoked", { when: moment(revokedAt, now) })}`;
  const used =
    lastUsedAt === null ? say("keys.unused") : say("keys.used", { when: moment(lastUsedAt, now) });
  return `${made} ${used}`;
}
