/** The demo shop's page as HTML: a merchant's page like any other, with `/lipia.js` in it. */
import { centsFromShillings, formatKes } from "../../shared/money.ts";
import type { Locale } from "../../shared/words.ts";
import { PRODUCTS, type Product } from "./catalogue.ts";
import { DRAWINGS } from "./drawings.ts";
import { type ShopWords, shopWords } from "./words.ts";

export interface ShopAssets {
  readonly script: string;
  readonly styles: readonly string[];
}

function card(product: Product, locale: Locale, words: ShopWords): string {
  const { id, price } = product;
  const name = product.name[locale];
  return `<li class="product">
<div class="picture ${id}">${DRAWINGS[id] ?? ""}</div>
<h2>${name}</h2><p>${product.note[locale]}</p>
<div class="buy"><strong>${formatKes(centsFromShillings(price))}</strong>
<button type="button" data-add="${id}" data-name="${name}" data-price="${price}" aria-label="${words.add}: ${name}">${words.add}</button></div>
</li>`;
}

function basket(words: ShopWords): string {
  return `<aside class="basket" aria-labelledby="basket-title">
<h2 id="basket-title">${words.basket}</h2>
<p id="empty">${words.empty}</p>
<ul id="lines" data-less="${words.less}" data-more="${words.more}"></ul>
<p class="total" id="total-row" hidden><span>${words.total}</span> <strong id="total"></strong></p>
<button type="button" class="pay" id="pay" hidden>${words.pay} <span id="pay-sum"></span></button>
<p id="news" role="status" data-busy="${words.busy}" data-unpaid="${words.unpaid}" data-doubt="${words.doubt}" data-failed="${words.failed}"></p>
<noscript><p>${words.script}</p></noscript>
</aside>`;
}

function thanks(words: ShopWords): string {
  return `<section class="thanks" id="thanks" hidden tabindex="-1" aria-labelledby="thanks-title">
<svg viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="22"/><path d="m15 25 6 6 12-13"/></svg>
<h2 id="thanks-title">${words.paid}</h2>
<dl><div><dt>${words.receipt}</dt><dd id="receipt"></dd></div><div><dt>${words.order}</dt><dd id="order"></dd></div></dl>
<button type="button" id="again">${words.again}</button>
</section>`;
}

/** The whole page in one language. Contains only our own texts, so nothing needs escaping. */
export function shopPage(locale: Locale, assets: ShopAssets): string {
  const words = shopWords(locale);
  const other = locale === "en" ? "sw" : "en";
  const styles = assets.styles.map((href) => `<link rel="stylesheet" href="${href}">`).join("");
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<title>${words.title}</title>${styles}
<script src="/lipia.js" async></script>
<script type="module" src="${assets.script}"></script></head><body>
<header><p class="trial">${words.trial}
<a href="/handset" target="_blank" rel="noopener">${words.handset}</a>
<a href="/dashboard" target="_blank" rel="noopener">${words.dashboard}</a></p>
<div class="top"><p class="sign"><b>${words.title}</b><span>${words.tagline}</span></p>
<a href="?lang=${other}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a></div></header>
<main><section class="shelf" aria-labelledby="shelf-title"><h1 id="shelf-title">${words.products}</h1>
<ul class="products">${PRODUCTS.map((product) => card(product, locale, words)).join("")}</ul></section>
<div class="side">${basket(words)}${thanks(words)}</div></main></body></html>`;
}
