import { useEffect } from "preact/hooks";
import { say } from "../dictionary/words.ts";
import { openMatters } from "./alerts/alert-watch.ts";

/** Names the page in the browser's tab and history, after the number of open alerts. */
export function useTitle(title: string): void {
  const name = say("app.name");
  const alerts = openMatters.value.length;
  useEffect(() => {
    document.title = `${alerts > 0 ? `(${alerts}) ` : ""}${title} · ${name}`;
  }, [title, name, alerts]);
}
