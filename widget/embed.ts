/**
 * The loader: the one script a shop's page loads (contract §6). It reads `data-*`, opens the
 * checkout in a frame from Lipia's origin and tells the page what happens there. It is written
 * small on purpose: every byte is loaded by every visitor of every shop.
 */
import { drawButton } from "./draw.ts";
import { type LipiaHandle, openCheckout } from "./opening.ts";
import { faultOf, type LipiaOptions, page } from "./options.ts";

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

function start(origin: string): LipiaGlobal {
  const shown = new Map<Element, LipiaHandle & Pick<LipiaOptions, "token">>();

  /** Opens unless this very checkout is open already; another token takes the old one's place. */
  const open = (options: LipiaOptions, element: Element): LipiaHandle => {
    const old = shown.get(element);
    if (old?.token === options.token && old) return old;
    old?.destroy();
    const handle = openCheckout(origin, options, element, () => shown.delete(element));
    shown.set(element, handle);
    return handle;
  };

  const adopt = (tag: HTMLScriptElement) => {
    const options: LipiaOptions = { ...tag.dataset };
    if (!/token|key|mode/.test(Object.keys(options).join())) return;
    // The mark also survives in the page copies that some single-page apps keep.
    tag.dataset.lipia = "";
    if (options.mode === "inline" || faultOf(options)) open(options, tag);
    else drawButton(options, tag);
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
const script = page.currentScript as HTMLScriptElement;
const lipia = window.Lipia || start(new URL(script.src).origin);
window.Lipia = lipia;
if (page.readyState === "loading") page.addEventListener("DOMContentLoaded", lipia.refresh);
else lipia.refresh();
