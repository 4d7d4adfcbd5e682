/**
 * The loader: the one script a shop's page loads (contract §6). It reads `data-*`, opens the
 * checkout in a frame from Lipia's origin and tells the page what happens there. It is written
 * small on purpose: every byte is loaded by every visitor of every shop.
 *
 * It makes no <style> and no style attribute, only CSSOM assignments, which every content security
 * policy allows; so a nonce on the shop's script tag is enough, and nothing else needs one.
 */
import type { FrameMessage, PaymentHint } from "../shared/embed-messages.ts";

/** What `data-*` can say; `Lipia.open` takes the same names (`data-success-url` is `successUrl`). */
export interface LipiaOptions {
  token?: string;
  mode?: string;
  label?: string;
  locale?: string;
  theme?: string;
  accent?: string;
  phone?: string;
  successUrl?: string;
  cancelUrl?: string;
  /** A selector: where the button or the inline frame goes. */
  target?: string;
  /** Publishable key: the way in that is not available yet. */
  key?: string;
}

export type LipiaDetail = Partial<PaymentHint> & {
  readonly verified: false;
  readonly code?: string;
  readonly message?: string;
};

export interface LipiaHandle {
  /** Takes the checkout off the page; a payment that is under way goes on. */
  close(): void;
  /** Calls `fn` with the detail of every event `lipia:<name>` of this checkout. */
  on(name: string, fn: (detail: LipiaDetail) => void): void;
  /** Closes silently and forgets every listener. */
  destroy(): void;
}

export interface LipiaGlobal {
  open(options: LipiaOptions): LipiaHandle;
  /** Takes up script tags that were added since, and removes checkouts whose element is gone. */
  refresh(): void;
}

declare global {
  interface Window {
    Lipia?: LipiaGlobal;
  }
}

/** A frame that has said nothing for this long is blocked, or the network is gone. */
const SILENCE_MS = 15_000;

/** The dialog and the overlay's frame cover the window alike; the checkout draws its own card. */
const LAYER =
  "position:fixed;top:0;left:0;min-width:100%;min-height:100%;margin:0;border:0;padding:0;z-index:9999999;";
const DIM = "display:grid;place-items:center;background:#0009";
/** A frame is transparent only where its colour scheme equals its document's: `light` in both. */
const LIGHT = "color-scheme:light;";
/** Unseen until it speaks, yet able to take the focus; taps go through it to the dialog. */
const UNSEEN = "opacity:0;pointer-events:none;";
const INLINE = "display:block;width:100%;height:27rem;border:0;";
const BUTTON =
  "padding:14px 24px;border:0;border-radius:10px;background:#08763a;color:#fff;font:600 16px system-ui";

const page = document;

function make<K extends keyof HTMLElementTagNameMap>(name: K, css: string, parent: Element) {
  const element = page.createElement(name);
  element.style.cssText = css;
  parent.append(element);
  return element;
}

function labelOf({ label, locale }: LipiaOptions): string {
  const wish = locale === "auto" ? "" : locale;
  const swahili = /^sw/.test(wish || page.documentElement.lang || navigator.language);
  return label || (swahili ? "Lipa kwa M-Pesa" : "Pay with M-Pesa");
}

function placeOf({ target }: LipiaOptions): Element | null {
  return target ? page.querySelector(target) : page.body;
}

/** What is wrong with the options: its code, and what the shop's developer should do. */
function faultOf(options: LipiaOptions): [code: string, whatToDo: string] | undefined {
  if (!/^(inline|overlay)?$/.test(options.mode || ""))
    return ["mode_not_available", "set data-mode to overlay or inline"];
  if (options.key && !options.token)
    return ["way_not_available", "data-key comes later: use data-token"];
  if (!/^ct_[\w.-]+$/.test(options.token || ""))
    return ["bad_token", "set data-token to the checkoutToken of POST /v1/payments"];
  if (!placeOf(options)) return ["bad_target", "data-target matches nothing on the page"];
  return undefined;
}

function go(url?: string | false): void {
  if (url && /^http/.test(new URL(url, location.href).protocol)) location.assign(url);
}

function start(origin: string): LipiaGlobal {
  const shown = new Map<Element, LipiaHandle & { token?: string }>();

  /** Opens unless this very checkout is open already; another token takes the old one's place. */
  const open = (options: LipiaOptions, element: Element): LipiaHandle => {
    const old = shown.get(element);
    if (old && old.token === options.token) return old;
    if (old) old.destroy();

    const inline = options.mode === "inline";
    const fault = faultOf(options);
    let bus = new EventTarget();
    let hint: Partial<PaymentHint> = {};
    let root: (HTMLElement & { close?: () => void }) | undefined;
    let frame: HTMLIFrameElement;

    const tell = (name: string, more?: object) => {
      const detail: LipiaDetail = { ...hint, ...more, verified: false };
      const event = new CustomEvent(`lipia:${name}`, { bubbles: true, detail });
      bus.dispatchEvent(event);
      (element.isConnected ? element : page).dispatchEvent(event);
    };
    const fail = (code: string, message: string) => {
      // biome-ignore lint/suspicious/noConsole: the shop's developer reads the console, not our logs
      console.error(`Lipia: ${message}`, element);
      tell("error", { code, message });
    };
    const remove = () => {
      clearTimeout(timer);
      removeEventListener("message", listen);
      shown.delete(element);
      if (!root) return;
      // Closing a dialog before it goes gives the focus back to the button.
      if (root.close) root.close();
      root.remove();
      root = undefined;
    };
    const close = (url?: string) => {
      if (!root) return;
      remove();
      tell("close");
      go(url || (hint.status === "confirmed" && options.successUrl));
    };
    const listen = (event: MessageEvent) => {
      const message = event.data as FrameMessage;
      if (event.origin !== origin || event.source !== frame.contentWindow) return;
      clearTimeout(timer);
      if (message.type === "height" && inline) frame.style.height = `${message.px}px`;
      if (message.type === "close") close();
      if (message.type === "error") fail(message.code, "the checkout could not start");
      if (message.type === "leave")
        close((message.to === "success" ? options.successUrl : options.cancelUrl) || message.url);
      if (frame.style.opacity) frame.style.cssText = LAYER + LIGHT;
      if (message.type === "ready" || message.type === "status") {
        hint = message.hint;
        tell(message.type);
        if (message.event) tell(message.event);
      }
    };
    const show = () => {
      const place = placeOf(options) || page.body;
      const label = labelOf(options);
      if (inline) {
        root = frame = make("iframe", INLINE + LIGHT, place);
        if (!options.target && element !== place) element.after(frame);
      } else {
        const dialog = make("dialog", LAYER + DIM, page.body);
        root = dialog;
        make("progress", "", dialog);
        frame = make("iframe", LAYER + UNSEEN + LIGHT, dialog);
        // While the frame loads a tap anywhere closes; after that the frame has its own button.
        dialog.onclick = dialog.oncancel = () => close();
        dialog.ariaLabel = label;
        // Comes last: it gives the focus to the frame, which passes it on to its field.
        if (dialog.showModal) dialog.showModal();
      }
      frame.title = label;
      frame.allow = "";
      frame.src = `${origin}/pay/${options.token}#${new URLSearchParams({
        mode: "overlay",
        ...(options as Record<string, string>),
        origin: location.origin,
      })}`;
      addEventListener("message", listen);
      timer = setTimeout(
        fail,
        SILENCE_MS,
        "frame_silent",
        `no answer from ${origin}: does the page's frame-src allow it?`,
      );
      tell("open");
    };
    // A turn later, so that the caller of Lipia.open can add listeners first.
    let timer = setTimeout(() => (fault ? fail(...fault) : show()));

    const handle = {
      token: options.token,
      close: () => close(),
      on(name: string, listener: (detail: LipiaDetail) => void) {
        bus.addEventListener(`lipia:${name.replace("lipia:", "")}`, (event) =>
          listener((event as CustomEvent<LipiaDetail>).detail),
        );
      },
      destroy() {
        bus = new EventTarget();
        remove();
      },
    };
    if (!fault) shown.set(element, handle);
    return handle;
  };

  const adopt = (tag: HTMLScriptElement) => {
    const options: LipiaOptions = { ...tag.dataset };
    if (!/token|key|mode/.test(Object.keys(options).join())) return;
    // The mark also survives in the page copies that some single-page apps keep.
    tag.dataset.lipia = "";
    if (options.mode === "inline" || faultOf(options)) open(options, tag);
    else {
      const button = make("button", BUTTON, placeOf(options) as Element);
      if (!options.target) tag.after(button);
      button.type = "button";
      button.textContent = labelOf(options);
      Object.assign(button.dataset, options, { lipia: "" });
    }
  };

  // One listener for every button, also for those that a single-page app draws later.
  page.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-lipia]");
    if (!button || event.defaultPrevented) return;
    event.preventDefault();
    open({ ...button.dataset }, button);
  });

  return {
    open: (options) => open(options, page.body),
    refresh() {
      for (const [element, handle] of shown) if (!element.isConnected) handle.destroy();
      page
        .querySelectorAll<HTMLScriptElement>('script[src*="lipia.js"]:not([data-lipia])')
        .forEach(adopt);
    },
  };
}

// A second copy of this script uses the first one's Lipia.
const lipia = window.Lipia || start(new URL((page.currentScript as HTMLScriptElement).src).origin);
window.Lipia = lipia;
if (page.readyState === "loading") page.addEventListener("DOMContentLoaded", lipia.refresh);
else lipia.refresh();
