/** Entry of the checkout: reads what the server put into the page and draws it. */
import { render } from "preact";
import type { CheckoutView } from "../../shared/api.ts";
import "./checkout.css";
import { Checkout } from "./checkout.tsx";
import { pickLocale } from "./dictionary.ts";
import { surroundings } from "./frame.ts";
import { dress } from "./look.ts";
import { firstModel } from "./machine.ts";
import { groupPhone } from "./text.ts";

/** The view the page was served with; null when the token opens nothing. */
function servedView(): CheckoutView | null {
  const text = document.getElementById("lipia-view")?.textContent ?? "null";
  const served: CheckoutView | { error: string } | null = JSON.parse(text);
  return served !== null && "version" in served ? served : null;
}

const root = document.getElementById("app");
const around = surroundings();
const { options, mode } = around;
const token = location.pathname.split("/").pop() ?? "";

document.documentElement.classList.add(mode);
dress(options.get("theme"), options.get("accent"));
if (root !== null) {
  render(
    <Checkout
      token={token}
      first={firstModel(servedView(), groupPhone(options.get("phone") ?? ""), Date.now())}
      firstLocale={pickLocale(options.get("locale"), navigator.language)}
      around={around}
    />,
    root,
  );
}
