import { useEffect, useState } from "preact/hooks";
import type {
  CallView,
  MessageView,
  PaymentMessages,
} from "../../../shared/payment-actions-api.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { readMessages } from "../../payment-client.ts";
import { Button } from "../../ui/button.tsx";
import { Loaded } from "../loaded.tsx";
import { CallItem, MessageItem } from "./message-items.tsx";

type Item =
  | { readonly kind: "message"; readonly at: string; readonly message: MessageView }
  | { readonly kind: "call"; readonly at: string; readonly call: CallView };

type Reading =
  | { readonly kind: "closed" }
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly items: readonly Item[] };

/** What was said between us and M-PESA, on demand: it is long, and few need it. Read anew when the payment moves. */
export function Messages({ id, version }: { readonly id: string; readonly version: number }) {
  const [reading, setReading] = useState<Reading>({ kind: "closed" });
  const shown = reading.kind !== "closed";
  const read = async () => {
    const answer = await readMessages(id);
    if (answer.ok) setReading({ kind: "ready", items: inOrder(answer.value) });
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
  if (reading.kind === "closed") return <Button onClick={onOpen}>{say("messages.show")}</Button>;
  return (
    <Loaded of={reading} failed={say("messages.failed")} onRetry={onOpen}>
      {({ items }) =>
        items.length === 0 ? (
          <p role="status">{say("messages.none")}</p>
        ) : (
          <ol class="messages">
            {items.map((item) =>
              item.kind === "call" ? (
                <CallItem key={item.call.id} call={item.call} />
              ) : (
                <MessageItem key={item.message.id} message={item.message} />
              ),
            )}
          </ol>
        )
      }
    </Loaded>
  );
}

/** Oldest first, whoever spoke. */
function inOrder({ messages, calls }: PaymentMessages): readonly Item[] {
  const items: Item[] = [
    ...messages.map((message) => ({ kind: "message", at: message.receivedAt, message }) as const),
    ...calls.map((call) => ({ kind: "call", at: call.at, call }) as const),
  ];
  return items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
