/** One raw message as it is shown: M-PESA's own, or a call of ours with its answer. */
import type { CallView, MessageView, RawText } from "../../../shared/payment-actions-api.ts";
import { say } from "../../dictionary/words.ts";
import { moment } from "../../format.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Facts } from "../../ui/facts.tsx";

export function MessageItem({ message }: { readonly message: MessageView }) {
  const now = Date.now();
  const { receivedAt, appliedAt, from } = message;
  const title = say("messages.oneAt", { when: moment(receivedAt, now) });
  const applied = appliedAt === null ? say("messages.waiting") : moment(appliedAt, now);
  return (
    <li class="message">
      <h3>{title}</h3>
      <Raw raw={message} label={title} />
      <Facts
        size="small"
        facts={[
          { name: say("messages.from"), value: from },
          { name: say("messages.applied"), value: applied },
          ...sizeOf(message),
        ]}
      />
    </li>
  );
}

export function CallItem({ call }: { readonly call: CallView }) {
  const { at, tookMs, status, fault, sent, answer } = call;
  const when = moment(at, Date.now());
  const title = say(call.call === "push" ? "messages.pushAt" : "messages.queryAt", { when });
  const came =
    status === null
      ? say("messages.noAnswer", { why: fault ?? "" })
      : say("messages.answered", { status, ms: tookMs });
  return (
    <li class="message">
      <h3>{title}</h3>
      <Raw raw={sent} label={title} />
      <p class="soft">{came}</p>
      {answer !== null && <Raw raw={answer} label={say("messages.answerAt", { when })} />}
      <Facts size="small" facts={sizeOf(answer ?? sent)} />
    </li>
  );
}

function Raw({ raw, label }: { readonly raw: RawText; readonly label: string }) {
  return (
    <>
      <CodeBlock
        text={raw.text}
        label={label}
        copy={{
          label: say("messages.copy"),
          word: say("payment.copy"),
          done: say("payment.copied"),
        }}
      />
      {raw.length === "cut" && <p class="soft">{say("messages.cut")}</p>}
    </>
  );
}

function sizeOf({ bytes, fingerprint }: RawText) {
  return [
    { name: say("messages.size"), value: say("messages.bytes", { n: bytes }) },
    { name: say("messages.fingerprint"), value: <span class="code long">{fingerprint}</span> },
  ];
}
