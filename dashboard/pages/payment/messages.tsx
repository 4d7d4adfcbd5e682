import { useEffect, useState } from "preact/hooks";
import type { MessageView } from "../../../shared/payment-actions-api.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { readMessages } from "../../payment-client.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Facts } from "../../ui/facts.tsx";
import { SkeletonBlocks } from "../../ui/skeleton.tsx";
import { Failed } from "../failure.tsx";

type Reading =
  | { readonly kind: "closed" }
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly messages: readonly MessageView[] };

/** What M-PESA sent, on demand: it is long, and few need it. Read anew when the payment moves. */
export function Messages({ id, version }: { readonly id: string; readonly version: number }) {
  const [reading, setReading] = useState<Reading>({ kind: "closed" });
  const shown = reading.kind !== "closed";
  const read = async () => {
    const answer = await readMessages(id);
    if (answer.ok) setReading({ kind: "ready", messages: answer.value.messages });
    else setReading({ kind: "failed", failure: answer.failure });
  };
  useEffect(() => {
    if (shown) void read();
  }, [version]);
  const open = () => {
    setReading({ kind: "loading" });
    void read();
  };
  return (
    <section class="panel" aria-labelledby="messages">
      <h2 id="messages">{say("messages.title")}</h2>
      <p class="soft messages-lead">{say("messages.lead")}</p>
      <Shown reading={reading} onOpen={open} />
    </section>
  );
}

function Shown({ reading, onOpen }: { readonly reading: Reading; readonly onOpen: () => void }) {
  switch (reading.kind) {
    case "closed":
      return <Button onClick={onOpen}>{say("messages.show")}</Button>;
    case "loading":
      return <SkeletonBlocks label={say("app.loading")} />;
    case "failed":
      return <Failed title={say("messages.failed")} failure={reading.failure} onRetry={onOpen} />;
    case "ready":
      return reading.messages.length === 0 ? (
        <p role="status">{say("messages.none")}</p>
      ) : (
        <ol class="messages">
          {reading.messages.map((message) => (
            <Message key={message.id} message={message} />
          ))}
        </ol>
      );
  }
}

function Message({ message }: { readonly message: MessageView }) {
  const now = Date.now();
  const { receivedAt, appliedAt, from, bytes, sha256, text, length } = message;
  const title = say("messages.oneAt", { when: moment(receivedAt, now) });
  const applied = appliedAt === null ? say("messages.waiting") : moment(appliedAt, now);
  return (
    <li class="message">
      <h3>{title}</h3>
      <CodeBlock
        text={text}
        label={title}
        copy={{
          label: say("messages.copy"),
          word: say("payment.copy"),
          done: say("payment.copied"),
        }}
      />
      {length === "cut" && <p class="soft">{say("messages.cut")}</p>}
      <Facts
        size="small"
        facts={[
          { name: say("messages.from"), value: from },
          { name: say("messages.applied"), value: applied },
          { name: say("messages.size"), value: say("messages.bytes", { n: bytes }) },
          { name: "SHA-256", value: <span class="code long">{sha256}</span> },
        ]}
      />
    </li>
  );
}
