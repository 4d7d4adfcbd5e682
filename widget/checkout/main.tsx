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
  const text = document.getElementById("lipia-view")?.textContent || "{}";
  const served: CheckoutView | { readonly version?: undefined } = JSON.parse(text);
  return served.version ? served : null;
}

const root = document.getElementById("app");
const around = surroundings();
const { options, mode } = around;
const token = location.pathname.slice("/pay/".length);

document.documentElement.classList.add(mode);
const view = servedView();
dress(options.get("theme"), options.get("accent"), view?.accent);
if (root) {
  render(
    <Checkout
      token={token}
      first={firstModel(view, groupPhone(options.get("phone") ?? ""), Date.now())}
      firstLocale={pickLocale(options.get("locale"), navigator.language)}
      around={around}
    />,
    root,
  );
}
