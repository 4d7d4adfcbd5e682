/** One customer at one payment: the machine with its two calls and its watch, without a screen. */
import type { CheckoutView } from "../../shared/api.ts";
import { parsePhone } from "../../shared/phone.ts";
import { promptPhone, readPayment } from "./client.ts";
import { follow } from "./follow.ts";
import { type Event, type Model, reduce } from "./machine.ts";

export interface Session {
  type(phone: string): void;
  /** Sends the prompt to the typed number, or says what is wrong with it. */
  pay(): void;
  /** Back to the phone field, with the number kept or emptied. */
  again(number: "same" | "other"): void;
  /** What a screen that calls the server itself was answered. */
  take(view: CheckoutView): void;
  readonly token: string;
}

/** Starts a session; `changed` is called after every step of the machine. */
export function openSession(token: string, first: Model, changed: (model: Model) => void): Session {
  let model = first;

  const following = follow({
    token,
    version: () => model.view?.version ?? 0,
    async read() {
      // A token that opens nothing will not open later: coming back to such a page asks no more.
      if (model.step.at === "gone") return "reached";
      const answer = await readPayment(token);
      if (answer.kind === "view") take(answer.view);
      else step({ type: answer.kind });
      return answer.kind === "unreachable" ? "unreachable" : "reached";
    },
  });
  const plan = () => {
    if (model.view === null || model.step.at === "gone") return;
    const prompting = model.step.at === "sending" || model.step.at === "lost";
    following.plan(model.view, prompting ? "prompting" : "as_planned");
  };
  const step = (event: Event) => {
    model = reduce(model, event);
    changed(model);
    // A turn later: the look that brought this event has then counted itself.
    setTimeout(plan);
  };

  const take = (view: CheckoutView) => step({ type: "read", view, at: Date.now() });

  const send = async (phoneNumber: string | undefined) => {
    const answer = await promptPhone(token, phoneNumber);
    switch (answer.kind) {
      case "view":
        return step({ type: "answered", view: answer.view, at: Date.now() });
      case "gone":
        return step({ type: "gone" });
      case "lost":
        step({ type: "lost", at: Date.now() });
        return following.look();
      case "refused": {
        const { retryAfterMs } = answer;
        const until = retryAfterMs === null ? null : Date.now() + model.skewMs + retryAfterMs;
        const invalid = answer.code === "invalid_field";
        const notice = invalid ? "phone_invalid" : { refusal: answer.code };
        step({ type: "refused", notice, until });
        // Refused often means that money may move already: the truth is one look away.
        return following.look();
      }
    }
  };

  setTimeout(plan);
  return {
    type: (phone) => step({ type: "typed", phone }),
    pay() {
      const before = model.step.at;
      step({ type: "pay" });
      // The machine lets an empty field pass only where the shop named a number.
      const phone = parsePhone(model.phone) ?? undefined;
      if (model.step.at === "sending" && before !== "sending") send(phone);
    },
    token,
    take,
    again(number) {
      if (number === "other") step({ type: "typed", phone: "" });
      step({ type: "again" });
    },
  };
}
