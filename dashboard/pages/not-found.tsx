import { say } from "../dictionary/words.ts";
import { PATHS } from "../paths.ts";
import { Blank } from "../ui/blank.tsx";
import { useTitle } from "./title.ts";

export function NotFound() {
  useTitle(say("missing.title"));
  return (
    <Blank icon="question" title={say("missing.title")} text={say("missing.text")} level={1}>
      <a class="button button-plain" href={PATHS.payments}>
        {say("missing.home")}
      </a>
    </Blank>
  );
}
