import { useEffect } from "preact/hooks";
import { say } from "../dictionary/words.ts";

/** Names the page in the browser's tab and history. */
export function useTitle(title: string): void {
  const name = say("app.name");
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
}
