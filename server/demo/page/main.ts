/** The demo shop's script: a basket, an order, and Lipia as any merchant would use it. */
import { centsFromShillings, formatKes } from "../../../shared/money.ts";
import { changed, type Goods, keep, type Line, load, totalOf } from "./basket.ts";
import "./shop.css";

interface Detail {
  readonly orderReference?: string;
  readonly receipt?: string;
}

interface LipiaHandle {
  on(name: string, listener: (detail: Detail) => void): void;
}

declare const Lipia: { open(options: { token: string; locale: string }): LipiaHandle };

interface Order {
  readonly checkoutToken: string;
  /** The basket it was made for: another basket needs another order. */
  readonly basket: string;
}

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

const news = part("news");
const pay = part("pay") as HTMLButtonElement;
const linesList = part("lines");
const kes = (amount: number): string => formatKes(centsFromShillings(amount));

let lines = load();
let order: Order | null = null;

function stepButton(line: Line, by: 1 | -1): HTMLButtonElement {
  const button = document.createElement("button");
  const words = (by === 1 ? linesList.dataset.more : linesList.dataset.less) ?? "";
  button.type = "button";
  button.textContent = by === 1 ? "+" : "−";
  button.setAttribute("aria-label", `${words}: ${line.name}`);
  button.dataset.step = `${line.id}${by}`;
  button.onclick = () => {
    put(line, by);
    document.querySelector<HTMLElement>(`[data-step="${line.id}${by}"]`)?.focus();
  };
  return button;
}

function row(line: Line): HTMLLIElement {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const count = document.createElement("output");
  const sum = document.createElement("span");
  name.textContent = line.name;
  count.textContent = String(line.quantity);
  sum.textContent = kes(line.price * line.quantity);
  name.className = "name";
  sum.className = "sum";
  item.append(name, stepButton(line, -1), count, stepButton(line, 1), sum);
  return item;
}

function draw(): void {
  const bare = lines.length === 0;
  linesList.replaceChildren(...lines.map(row));
  part("empty").hidden = !bare;
  part("total-row").hidden = bare;
  pay.hidden = bare;
  for (const id of ["total", "pay-sum"]) part(id).textContent = kes(totalOf(lines));
  keep(lines);
}

function put(goods: Goods, by: 1 | -1): void {
  lines = changed(lines, goods, by);
  news.textContent = "";
  part("thanks").hidden = true;
  draw();
}

async function newOrder(basket: string): Promise<Order> {
  const items = lines.map(({ id, quantity }) => ({ id, quantity }));
  const response = await fetch("/demo/orders", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ items }),
  });
  if (!response.ok) throw new Error(`the order was answered with ${response.status}`);
  const { checkoutToken }: { checkoutToken: string } = await response.json();
  return { checkoutToken, basket };
}

function thank({ receipt, orderReference }: Detail): void {
  part("receipt").textContent = receipt ?? "…";
  part("order").textContent = orderReference ?? "";
  part("thanks").hidden = false;
  lines = [];
  order = null;
  news.textContent = "";
  draw();
}

async function checkOut(): Promise<void> {
  const basket = JSON.stringify(lines);
  news.textContent = news.dataset.busy ?? "";
  try {
    // The same basket is the same order: a second press never makes a second payment.
    if (order?.basket !== basket) order = await newOrder(basket);
    const checkout = Lipia.open({
      token: order.checkoutToken,
      locale: document.documentElement.lang,
    });
    news.textContent = "";
    checkout.on("confirmed", thank);
    checkout.on("indoubt", () => {
      news.textContent = news.dataset.doubt ?? "";
    });
    checkout.on("unsuccessful", () => {
      news.textContent = news.dataset.unpaid ?? "";
    });
    checkout.on("close", () => {
      if (!part("thanks").hidden) part("thanks").focus();
    });
  } catch {
    news.textContent = news.dataset.failed ?? "";
  }
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-add]")) {
  const { add: id = "", name = "", price = "0" } = button.dataset;
  button.onclick = () => put({ id, name, price: Number(price) }, 1);
}
pay.onclick = async () => {
  pay.disabled = true;
  await checkOut();
  pay.disabled = false;
};
part("again").onclick = () => {
  part("thanks").hidden = true;
};
draw();
