import { useState } from "preact/hooks";
import { say } from "../../dictionary/words.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Field } from "../../ui/field.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { LOCALES, MODES, PLAIN_EMBED, pageSnippet, serverSnippet, THEMES } from "./snippet.ts";

/** The lines to copy into the shop, made to measure. */
export function Embed({ publicUrl }: { readonly publicUrl: string }) {
  const [choice, setChoice] = useState(PLAIN_EMBED);
  const copy = (label: string) => ({
    label,
    word: say("payment.copy"),
    done: say("payment.copied"),
  });
  const wrongAccent = choice.accent !== "" && !/^#[0-9a-f]{6}$/i.test(choice.accent);
  return (
    <section class="panel" aria-labelledby="embed">
      <h2 id="embed">{say("embed.title")}</h2>
      <p class="settings-lead">{say("embed.server")}</p>
      <CodeBlock
        text={serverSnippet(publicUrl)}
        label={say("embed.serverCode")}
        copy={copy(say("embed.copyServer"))}
      />
      <p class="settings-lead">{say("embed.page")}</p>
      <div class="embed-choices">
        <Segmented
          label={say("embed.mode")}
          value={choice.mode}
          options={MODES.map((value) => ({ value, word: say(`embed.mode.${value}`) }))}
          onChange={(mode) => setChoice({ ...choice, mode })}
        />
        <Segmented
          label={say("prefs.language")}
          value={choice.locale}
          options={LOCALES.map((value) => ({ value, word: say(`embed.locale.${value}`) }))}
          onChange={(locale) => setChoice({ ...choice, locale })}
        />
        <Segmented
          label={say("prefs.theme")}
          value={choice.theme}
          options={THEMES.map((value) => ({ value, word: say(`prefs.theme.${value}`) }))}
          onChange={(theme) => setChoice({ ...choice, theme })}
        />
        <Field
          label={say("embed.label")}
          type="text"
          name="label"
          autocomplete="off"
          value={choice.label}
          onInput={(label) => setChoice({ ...choice, label: label.slice(0, 60) })}
          error={null}
        />
        <Field
          label={say("embed.accent")}
          type="text"
          name="accent"
          autocomplete="off"
          hint={say("embed.accentHint")}
          value={choice.accent}
          onInput={(accent) => setChoice({ ...choice, accent: accent.trim() })}
          error={wrongAccent ? say("embed.accentBad") : null}
        />
      </div>
      <CodeBlock
        text={pageSnippet(publicUrl, choice)}
        label={say("embed.pageCode")}
        copy={copy(say("embed.copyPage"))}
      />
      <p class="soft">{say("embed.truth")}</p>
    </section>
  );
}
