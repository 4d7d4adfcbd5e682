import { Pane } from "../ui.tsx";
import type { ScreenProps } from "./props.ts";

/** The request is on its way to the phone. */
export function SendingScreen({ words }: Pick<ScreenProps, "words">) {
  return (
    <Pane title={words.sending}>
      <div class="ring busy" aria-hidden="true" />
      <p class="soft">{words.sendingHint}</p>
    </Pane>
  );
}
