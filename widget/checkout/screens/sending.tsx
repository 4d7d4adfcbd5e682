import { Pane } from "../ui.tsx";
import type { ScreenProps } from "./props.ts";

/** The request is on its way to the phone. */
export function SendingScreen({ words }: Pick<ScreenProps, "words">) {
  return (
    <>
      <div class="ring" aria-hidden="true" />
      <Pane title={words.sending}>
        <p class="soft">{words.sendingHint}</p>
      </Pane>
    </>
  );
}
