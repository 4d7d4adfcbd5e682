/**
 * What the loader puts into a shop's page. No <style> and no style attribute, only CSSOM
 * assignments, which every content security policy allows; so a nonce on the shop's script tag is
 * enough, and nothing else needs one.
 */
import { type LipiaOptions, labelOf, page, placeOf } from "./options.ts";

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

function make<K extends keyof HTMLElementTagNameMap>(name: K, css: string, parent: Element) {
  const element = page.createElement(name);
  element.style.cssText = css;
  parent.append(element);
  return element;
}

/** The frame: inline after the element that asked or in the shop's place, else in a modal dialog. */
export function drawFrame(
  options: LipiaOptions,
  element: Element,
  address: string,
  close: () => void,
): HTMLIFrameElement {
  const inline = options.mode === "inline";
  const place = (inline && placeOf(options)) || page.body;
  const root = make(inline ? "div" : "dialog", inline ? "" : LAYER + DIM, place);
  if (!inline) make("progress", "", root);
  else if (!options.target && element !== place) element.after(root);
  const frame = make("iframe", (inline ? INLINE : LAYER + UNSEEN) + LIGHT, root);
  frame.title = labelOf(options);
  frame.allow = "";
  frame.src = address;
  if (!inline) {
    const dialog = root as HTMLDialogElement;
    dialog.ariaLabel = frame.title;
    // While the frame loads a tap anywhere closes; after that the frame has its own button.
    dialog.onclick = dialog.oncancel = close;
    // Comes last: it gives the focus to the frame, which passes it on to its field.
    dialog.showModal?.();
  }
  return frame;
}

/** Shows an overlay's frame, once it has something to show. */
export function reveal({ style }: HTMLElement): void {
  if (style.opacity) style.cssText = LAYER + LIGHT;
}

/** A real button that opens the checkout of `tag`, after it or in the shop's place. */
export function drawButton(options: LipiaOptions, tag: Element): void {
  const button = make("button", BUTTON, placeOf(options) || page.body);
  if (!options.target) tag.after(button);
  button.type = "button";
  button.textContent = labelOf(options);
  Object.assign(button.dataset, options, { lipia: "" });
}
