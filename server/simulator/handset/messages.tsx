/** What the phone was told: confirmations with their code, and what became of failed prompts. */
import type { HandsetMessage } from "../../../shared/handset-view.ts";
import type { Locale } from "../../../shared/words.ts";
import { CopyButton } from "./copy-button.tsx";
import { clockTime, kesWithCents, messageDate, messageTime } from "./format.ts";
import { Draw } from "./icons.tsx";
import type { Words } from "./words.ts";

interface Props {
  readonly messages: readonly HandsetMessage[];
  readonly words: Words;
  readonly locale: Locale;
}

export function Messages({ messages, words, locale }: Props) {
  return (
    <ol class="messages" aria-label={words.messages}>
      {messages.map((message) => (
        <li key={message.id} class="message" data-paid={message.receipt !== null}>
          <span class="avatar" aria-hidden="true">
            <Draw name={message.receipt === null ? "cross" : "check"} />
          </span>
          <div class="bubble">
            <p class="from">
              <b>{words.sender}</b>
              <span>{message.phone}</span>
              <time dateTime={new Date(message.at).toISOString()}>{clockTime(message.at)}</time>
            </p>
            <p class="text">{messageText(message, words, locale)}</p>
            <p class="after">
              {message.receipt !== null && (
                <CopyButton
                  text={message.receipt}
                  label={words.copyCode}
                  name={message.receipt}
                  words={words}
                />
              )}
              <span class="told">
                {words.told(message.callbacksDelivered, message.callbacksDue)}
              </span>
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The message as M-PESA might word it. */
export function messageText(message: HandsetMessage, words: Words, locale: Locale): string {
  return words.note(message.note, {
    receipt: message.receipt ?? "",
    sum: kesWithCents(message.amount),
    merchant: message.merchantName.toUpperCase(),
    account: message.accountReference,
    date: messageDate(message.at),
    time: messageTime(message.at, locale),
  });
}
