import { useEffect } from "preact/hooks";
import type { SettingsView } from "../../shared/settings-api.ts";
import { say } from "../dictionary/words.ts";
import { moment } from "../format.ts";
import { listen } from "../live.ts";
import { useMerchant } from "../merchant-choice.ts";
import { can } from "../session.ts";
import { Facts } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { Loaded } from "./loaded.tsx";
import { MerchantSelect } from "./merchant-select.tsx";
import { Embed } from "./settings/embed.tsx";
import { Keys } from "./settings/keys.tsx";
import { openSettings, settings } from "./settings/settings-store.ts";
import { Websites } from "./settings/websites.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

/** How the shop is connected: the lines to embed, keys, websites, and M-Pesa's way back. */
export function SettingsPage() {
  useTitle(say("settings.title"));
  const merchant = useMerchant();
  useEffect(() => void openSettings("anew"), [merchant]);
  useEffect(() => listen({ nudged: () => {}, ticked: () => void openSettings() }), []);
  return (
    <>
      <h1 class="page-title">{say("settings.title")}</h1>
      <SettingsNav />
      <MerchantSelect of="one" />
      <Content key={merchant} />
    </>
  );
}

function Content() {
  return (
    <Loaded of={settings.value} failed={say("settings.failed")} onRetry={() => void openSettings()}>
      {(now) => <Sections view={now.view} />}
    </Loaded>
  );
}

function Sections({ view }: { readonly view: SettingsView }) {
  return (
    <div class="settings">
      {!can("manage_settings") && (
        <Notice tone="calm" icon="person">
          {say("settings.readOnly")}
        </Notice>
      )}
      <Embed publicUrl={view.publicUrl} />
      <Keys view={view} />
      <Websites view={view} />
      <section class="panel" aria-labelledby="shop">
        <h2 id="shop">{say("settings.shop")}</h2>
        <Facts
          facts={[
            { name: say("settings.name"), value: view.merchant.name },
            { name: say("settings.shortcode"), value: view.merchant.shortcode },
            { name: say("settings.address"), value: view.publicUrl },
            { name: say("settings.callbacks"), value: view.callbackBase },
            {
              name: say("settings.lastCallback"),
              value:
                view.lastCallbackAt === null
                  ? say("settings.noCallback")
                  : moment(view.lastCallbackAt, Date.now()),
            },
          ]}
        />
      </section>
    </div>
  );
}
