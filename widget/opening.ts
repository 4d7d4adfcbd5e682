/** One open checkout: its frame, its listeners, and what it tells the shop's page. */
import type { FrameMessage, PaymentHint } from "../shared/embed-messages.ts";
import { drawFrame, reveal } from "./draw.ts";
import { faultOf, type LipiaOptions, page } from "./options.ts";

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

/** A frame that has said nothing for this long is blocked, or the network is gone. */
const SILENCE_MS = 15_000;

function go(url?: string | false): void {
  if (url && /^http/.test(new URL(url, location.href).protocol)) location.assign(url);
}

/**
 * Opens a checkout a turn later, so that the caller can add listeners first; with wrong options
 * it says so instead. `gone` is called when the checkout has left the page.
 */
export function openCheckout(
  origin: string,
  options: LipiaOptions,
  element: Element,
  gone: () => void,
): LipiaHandle & Pick<LipiaOptions, "token"> {
  let bus = new EventTarget();
  let hint: Partial<PaymentHint> = {};
  let frame: HTMLIFrameElement | undefined;

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
    gone();
    if (!frame) return;
    const root = frame.parentElement as HTMLElement & { close?: () => void };
    // Closing a dialog before it goes gives the focus back to the button.
    root.close?.();
    root.remove();
    frame = undefined;
  };
  const close = (url?: string) => {
    if (!frame) return;
    remove();
    tell("close");
    go(url || (hint.status === "confirmed" && options.successUrl));
  };
  const listen = (event: MessageEvent) => {
    const message = event.data as FrameMessage;
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
    clearTimeout(timer);
    reveal(frame);
    if (message.type === "height") frame.style.height = `${message.px}px`;
    if (message.type === "close") close();
    if (message.type === "error") fail(message.code, "the token opens no payment");
    if (message.type === "leave")
      close((message.to === "success" ? options.successUrl : options.cancelUrl) || message.url);
    if (message.type === "ready" || message.type === "status") {
      hint = message.hint;
      tell(message.type);
      if (message.event) tell(message.event);
    }
  };
  const show = () => {
    const wishes = new URLSearchParams({
      mode: "overlay",
      ...(options as Record<string, string>),
      origin: location.origin,
    });
    addEventListener("message", listen);
    frame = drawFrame(options, element, `${origin}/pay/${options.token}#${wishes}`, () => close());
    const silent = `${origin} is silent: does frame-src allow it?`;
    timer = setTimeout(fail, SILENCE_MS, "frame_silent", silent);
    tell("open");
  };
  let timer = setTimeout(() => {
    const fault = faultOf(options);
    if (fault) {
      gone();
      fail(...fault);
    } else show();
  });

  return {
    token: options.token,
    close: () => close(),
    on(name, listener) {
      bus.addEventListener(`lipia:${name.replace("lipia:", "")}`, (event) =>
        listener((event as CustomEvent<LipiaDetail>).detail),
      );
    },
    destroy() {
      bus = new EventTarget();
      remove();
    },
  };
}
