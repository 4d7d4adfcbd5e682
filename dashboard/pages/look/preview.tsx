import { useEffect, useRef, useState } from "preact/hooks";
import type { PreviewMessage } from "../../../shared/preview-message.ts";
import { say } from "../../dictionary/words.ts";
import { PREVIEW } from "../../paths.ts";
import { locale } from "../../preferences.ts";
import { Segmented } from "../../ui/segmented.tsx";

type Shown = Pick<PreviewMessage, "name" | "accent" | "logo">;

/** The checkout's own page in a frame, told on every change how it would look. */
export function Preview({ name, accent, logo }: Shown) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [theme, setTheme] = useState<PreviewMessage["theme"]>("light");
  const shown = { name, accent, logo, theme, locale: locale.value };
  const tell = () => {
    const message: PreviewMessage = { lipia: 1, type: "look", ...shown };
    frame.current?.contentWindow?.postMessage(message, location.origin);
  };
  useEffect(tell, Object.values(shown));
  return (
    <div class="look-preview">
      <Segmented
        label={say("look.preview")}
        value={theme}
        onChange={setTheme}
        options={[
          { value: "light", word: say("look.light") },
          { value: "dark", word: say("look.dark") },
        ]}
      />
      <iframe
        ref={frame}
        class="look-frame"
        title={say("look.frame")}
        src={PREVIEW}
        onLoad={tell}
      />
    </div>
  );
}
