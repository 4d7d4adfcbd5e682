import type { ScreenProps } from "./props.ts";

/** The request is on its way to the phone. */
export function SendingScreen({ words }: Pick<ScreenProps, "words">) {
  return (
    <>
      <div class="ring" aria-hidden="true" />
      <h1 tabIndex={-1}>{words.sending}</h1>
    </>
  );
}
