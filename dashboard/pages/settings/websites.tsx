import { useState } from "preact/hooks";
import type { SettingsView } from "../../../shared/settings-api.ts";
import type { Failure } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { can } from "../../session.ts";
import { postOrigins } from "../../settings-client.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { failureText } from "../failure.tsx";
import { openSettings, takeSettings } from "./settings-store.ts";

type Trying =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "unreadable" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Which websites may show the checkout in their pages. */
export function Websites({ view }: { readonly view: SettingsView }) {
  const { allowedOrigins } = view;
  const mayChange = can("manage_websites");
  const [text, setText] = useState("");
  const [trying, setTrying] = useState<Trying>({ kind: "ready" });
  const change = async (origins: readonly string[]) => {
    setTrying({ kind: "busy" });
    const answer = await postOrigins(origins, allowedOrigins);
    if (answer.ok) {
      setText("");
      setTrying({ kind: "ready" });
      takeSettings(answer.value);
      return;
    }
    setTrying({ kind: "failed", failure: answer.failure });
    void openSettings();
  };
  const add = () => {
    const origin = originOf(text);
    if (origin === null) setTrying({ kind: "unreadable" });
    else void change([...allowedOrigins, origin]);
  };
  return (
    <section class="panel" aria-labelledby="websites">
      <h2 id="websites">{say("websites.title")}</h2>
      <p class="settings-lead">
        {say(allowedOrigins.length === 0 ? "websites.any" : "websites.lead")}
      </p>
      {trying.kind === "failed" && (
        <Notice tone="bad" icon="alert" role="alert">
          {failureText(trying.failure)}
        </Notice>
      )}
      <ul class="keys">
        {allowedOrigins.map((origin) => (
          <li key={origin}>
            <span class="code keys-words">{origin}</span>
            {mayChange && (
              <Button
                look="quiet"
                label={say("websites.removeNamed", { website: origin })}
                onClick={() => void change(allowedOrigins.filter((other) => other !== origin))}
              >
                {say("websites.remove")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayChange && (
        <form
          class="websites-add"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (trying.kind !== "busy") add();
          }}
        >
          <Field
            label={say("websites.label")}
            type="text"
            name="website"
            autocomplete="off"
            hint={say("websites.hint")}
            value={text}
            onInput={setText}
            error={trying.kind === "unreadable" ? say("websites.bad") : null}
          />
          <Button type="submit" state={trying.kind === "busy" ? "busy" : "ready"}>
            {say("websites.add")}
          </Button>
        </form>
      )}
    </section>
  );
}

/** What a person types or pastes, as an origin: the address of any page of the website will do. */
export function originOf(text: string): string | null {
  const typed = text.trim().toLowerCase();
  const address = /^[a-z][a-z0-9+.-]*:\/\//.test(typed) ? typed : `https://${typed}`;
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, origin } = new URL(address);
  const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  if (loopback) return /^https?:$/.test(protocol) ? origin : null;
  return protocol === "https:" && hostname.includes(".") ? origin : null;
}
