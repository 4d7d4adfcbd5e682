import { useState } from "preact/hooks";
import type { PasskeyView } from "../../../shared/passkey-api.ts";
import type { SecurityView } from "../../../shared/security-api.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { passkeyObstacle } from "../../passkeys.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { AddPasskey, RemovePasskey, RenamePasskey } from "./passkey-dialogs.tsx";
import { security } from "./security-store.ts";

type Doing =
  | { readonly kind: "nothing"; readonly done: "wasAdded" | "wasRenamed" | "wasRemoved" | null }
  | { readonly kind: "add" }
  | { readonly kind: "rename" | "remove"; readonly passkey: PasskeyView };

/** One's own passkeys: the list, a new one, another name, and taking one away. */
export function Passkeys() {
  const now = security.value;
  if (now.kind !== "ready") return null;
  return (
    <section class="panel" aria-labelledby="passkeys">
      <h2 id="passkeys">{say("passkeys.title")}</h2>
      <p class="settings-lead">{say("passkeys.lead")}</p>
      <Content view={now.view} />
    </section>
  );
}

function Content({ view }: { readonly view: SecurityView }) {
  const [doing, setDoing] = useState<Doing>({ kind: "nothing", done: null });
  const { passkeys, passkeyPlace: place } = view;
  const obstacle = passkeyObstacle(place);
  const rest = () => setDoing({ kind: "nothing", done: null });
  const end = (done: Extract<Doing, { kind: "nothing" }>["done"]) => () =>
    setDoing({ kind: "nothing", done });
  return (
    <>
      <p class="unseen" role="status">
        {doing.kind === "nothing" && doing.done !== null ? say(`passkeys.${doing.done}`) : ""}
      </p>
      {passkeys.length === 0 ? (
        <p class="soft">{say("passkeys.none")}</p>
      ) : (
        <ul class="people" aria-label={say("passkeys.list")}>
          {passkeys.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} onDo={setDoing} />
          ))}
        </ul>
      )}
      {obstacle === null ? (
        <p class="settings-actions">
          <Button onClick={() => setDoing({ kind: "add" })}>{say("passkeys.add")}</Button>
        </p>
      ) : (
        <Notice tone="calm" icon="alert">
          {say(`passkeys.place.${obstacle}`, { host: place.kind === "host" ? place.host : "" })}
        </Notice>
      )}
      {doing.kind === "add" && <AddPasskey view={view} onClose={rest} onDone={end("wasAdded")} />}
      {doing.kind === "rename" && (
        <RenamePasskey passkey={doing.passkey} onClose={rest} onDone={end("wasRenamed")} />
      )}
      {doing.kind === "remove" && (
        <RemovePasskey
          passkey={doing.passkey}
          isLast={view.secondFactor === "off" && passkeys.length === 1}
          onClose={rest}
          onDone={end("wasRemoved")}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly passkey: PasskeyView;
  readonly onDo: (doing: Doing) => void;
}

function Row({ passkey, onDo }: RowProps) {
  const { name, createdAt, lastUsedAt } = passkey;
  const now = Date.now();
  return (
    <li>
      <div class="people-words">
        <p class="people-name">
          <strong>{name}</strong>
        </p>
        <p class="soft">
          {say("passkeys.added", { when: moment(createdAt, now) })}{" "}
          {lastUsedAt === null
            ? say("passkeys.unused")
            : say("passkeys.used", { when: moment(lastUsedAt, now) })}
        </p>
      </div>
      <div class="people-doings">
        <Button
          look="quiet"
          label={say("passkeys.renameNamed", { name })}
          onClick={() => onDo({ kind: "rename", passkey })}
        >
          {say("passkeys.rename")}
        </Button>
        <Button
          look="quiet"
          label={say("passkeys.removeNamed", { name })}
          onClick={() => onDo({ kind: "remove", passkey })}
        >
          {say("passkeys.remove")}
        </Button>
      </div>
    </li>
  );
}
