/** The browser's own notifications, which show while the dashboard is behind another window. */

/** `unasked` until a person answers; `missing` without https and in some browsers of phones. */
export type Allowance = "granted" | "denied" | "unasked" | "missing";

export function allowance(): Allowance {
  if (typeof Notification === "undefined" || !window.isSecureContext) return "missing";
  return Notification.permission === "default" ? "unasked" : Notification.permission;
}

/** Asks the person, which browsers allow on a click only. */
export async function askAllowance(): Promise<Allowance> {
  if (allowance() === "unasked") await Notification.requestPermission();
  return allowance();
}

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** A later one of the same name takes its place. */
  readonly tag: string;
  readonly onClick: () => void;
}

/** Shows it where that is allowed. */
export function notify({ title, body, tag, onClick }: Notice): "shown" | "refused" {
  if (allowance() !== "granted") return "refused";
  try {
    const shown = new Notification(title, { body, tag });
    shown.onclick = () => {
      window.focus();
      shown.close();
      onClick();
    };
    return "shown";
  } catch {
    // Browsers of phones have the name, and refuse to make one outside a service worker.
    return "refused";
  }
}
