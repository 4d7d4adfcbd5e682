/**
 * A merchant's shop on an origin of its own, with a content security policy as strict as Lipia's
 * documentation promises to work under: no inline script, no inline style, one foreign script, one
 * foreign frame. Its page writes down every event that it hears from the checkout.
 */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";

/** How the shop's page calls Lipia: each is one way of the contract's §6. */
export type Way = "overlay" | "inline" | "button" | "script";

export interface Shop {
  readonly origin: string;
  /** The address of a page that sells this; `extra` are further `data-*` attributes. */
  address(way: Way, token: string, extra?: Readonly<Record<string, string>>): string;
  close(): Promise<void>;
}

const EVENTS = [
  "ready",
  "open",
  "status",
  "confirmed",
  "unsuccessful",
  "indoubt",
  "close",
  "error",
];

const STYLE = `
body { margin: 0 auto; max-width: 40rem; padding: 1rem; font: 16px/1.5 system-ui; color: #222; }
button { min-height: 48px; font: inherit; }
ol { font-size: .8rem; color: #333; overflow-wrap: anywhere; }
`;

const SCRIPT = `
const heard = document.querySelector("#heard");
for (const name of ${JSON.stringify(EVENTS)}) {
  document.addEventListener("lipia:" + name, (event) => {
    const line = document.createElement("li");
    line.textContent = event.type + " " + JSON.stringify(event.detail);
    heard.append(line);
  });
}
document.querySelector("#by-script")?.addEventListener("click", (event) => {
  window.Lipia.open({ ...event.currentTarget.dataset });
});
`;

/** Opens a shop on `127.0.0.1`, so that a Lipia on `localhost` is another site to the browser. */
export async function openShop(lipia: string): Promise<Shop> {
  const server = createServer((req, res) => answer(lipia, req.url ?? "/", res));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the shop has no port");
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    address(way, token, extra = {}) {
      const query = new URLSearchParams({ ...extra, token });
      return `${origin}/${way}?${query}`;
    },
    close: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

function answer(lipia: string, path: string, res: ServerResponse): void {
  const [type, body] = content(lipia, new URL(path, "http://shop"));
  res.setHeader("Content-Type", `${type}; charset=utf-8`);
  res.setHeader("Content-Security-Policy", policy(lipia));
  res.end(body);
}

function content(lipia: string, url: URL): readonly [type: string, body: string] {
  switch (url.pathname) {
    case "/shop.css":
      return ["text/css", STYLE];
    case "/shop.js":
      return ["text/javascript", SCRIPT];
    case "/overlay":
    case "/inline":
    case "/button":
    case "/script":
      return ["text/html", page(lipia, url)];
    default:
      return ["text/html", plainPage(url.pathname)];
  }
}

function policy(lipia: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${lipia}`,
    "style-src 'self'",
    "img-src data:",
    `frame-src ${lipia}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function page(lipia: string, url: URL): string {
  const given = [...url.searchParams].map(([name, value]) => `data-${name}="${escaped(value)}"`);
  const data = given.join(" ");
  const src = `src="${lipia}/lipia.js"`;
  const body: Record<string, string> = {
    "/overlay": `<script ${src} ${data} async></script>`,
    "/inline": `<script ${src} ${data} data-mode="inline" async></script>`,
    "/button": `<button type="button" data-lipia ${data}>Buy the mug</button><script ${src}></script>`,
    "/script": `<button type="button" id="by-script" ${data}>Buy by script</button><script ${src}></script>`,
  };
  return html(`
    <h1>Mug, hand-made</h1>
    <p>It holds a good third of a litre.</p>
    ${body[url.pathname] ?? ""}
    <h2>What this page heard</h2>
    <ol id="heard" aria-label="Events"></ol>
    <script src="/shop.js"></script>`);
}

/** Where success and cancel addresses lead. */
function plainPage(path: string): string {
  return html(`<h1>${path === "/thanks" ? "Thank you" : "Your cart"}</h1>`);
}

function html(body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,"><link rel="stylesheet" href="/shop.css">
    <title>The mug shop</title></head><body><main>${body}</main></body></html>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
