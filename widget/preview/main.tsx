/**
 * The checkout as a customer would see it, drawn by the checkout's own parts inside the dashboard.
 * It calls nobody: what it shows comes by messages from the page of our own origin around it.
 */
import { render } from "preact";
import type { CheckoutView } from "../../shared/api.ts";
import type { PreviewMessage } from "../../shared/preview-message.ts";
import "../checkout/checkout.css";
import { Foot, Shop } from "../checkout/checkout.tsx";
import { wordsOf } from "../checkout/dictionary.ts";
import { dress } from "../checkout/look.ts";
import { firstModel } from "../checkout/machine.ts";
import { PhoneScreen } from "../checkout/screens/phone.tsx";
import type { Session } from "../checkout/session.ts";

const root = document.getElementById("app");
document.documentElement.classList.add("page");

const silent: Session = { type() {}, pay() {}, again() {}, take() {}, token: "" };

/** An order like any other, of a shop that looks as the message says. */
function sampleView({ name, accent, logo }: PreviewMessage): CheckoutView {
  const at = new Date(0).toISOString();
  return {
    id: "pay_preview",
    version: 1,
    livemode: true,
    simulated: false,
    merchantName: name,
    accent,
    logo,
    amount: 1_250,
    orderReference: "1042",
    accountReference: "1042",
    description: null,
    status: "open",
    closed: false,
    reason: null,
    receipt: null,
    paidAt: null,
    phoneNumber: null,
    phoneKnown: false,
    promptedAt: null,
    retryAt: null,
    codeTold: false,
    expiresAt: at,
    successUrl: null,
    cancelUrl: null,
    now: at,
  };
}

function draw(message: PreviewMessage): void {
  if (root === null) return;
  const { theme, locale, accent } = message;
  const view = sampleView(message);
  const model = firstModel(view, "", 0);
  const words = wordsOf(locale);
  const { style } = document.documentElement;
  for (const name of ["--accent", "--accent-ink"]) style.removeProperty(name);
  dress(theme, null, accent);
  document.documentElement.lang = locale;
  // To be looked at: nothing in it can be pressed, and the form beside it says the same.
  root.inert = true;
  const leave = { success: null, cancel: null };
  const screen = { model, view, words, locale, now: 0, session: silent, problem: null, leave };
  render(
    <main class="page">
      <Shop model={model} words={words} sum={false} />
      <section class="phone">
        <PhoneScreen {...screen} mode="page" />
      </section>
      <Foot {...{ model, words, locale }} setLocale={() => {}} />
    </main>,
    root,
  );
}

addEventListener("message", ({ source, origin, data }: MessageEvent<PreviewMessage>) => {
  const ours = source === parent && origin === location.origin;
  if (ours && data.lipia === 1 && data.type === "look") draw(data);
});
