import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BrandView } from "../../shared/brand-api.ts";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { readBrand } from "../look-client.ts";
import { merchantNow, useMerchant } from "../merchant-choice.ts";
import { can, rereadSession } from "../session.ts";
import { Notice } from "../ui/notice.tsx";
import { Loaded } from "./loaded.tsx";
import { LookForm } from "./look/look-form.tsx";
import { Preview } from "./look/preview.tsx";
import { MerchantSelect } from "./merchant-select.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

type Reading =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "ready"; readonly view: BrandView };

const reading = signal<Reading>({ kind: "loading" });

async function open(): Promise<BrandView | null> {
  const asked = merchantNow();
  const answer = await readBrand();
  if (asked !== merchantNow()) return null;
  if (answer.ok) {
    reading.value = { kind: "ready", view: answer.value };
    return answer.value;
  }
  if (reading.peek().kind !== "ready") reading.value = { kind: "failed", failure: answer.failure };
  return null;
}

/** The name, the colour and the logo that customers see, with the checkout beside them. */
export function LookPage() {
  useTitle(say("look.title"));
  const merchant = useMerchant();
  // Each visit reads anew: a form must begin from what is true, not from the last visit.
  useEffect(() => {
    reading.value = { kind: "loading" };
    void open();
  }, [merchant]);
  return (
    <>
      <h1 class="page-title">{say("look.title")}</h1>
      <SettingsNav />
      <MerchantSelect of="one" />
      <Content key={merchant} merchant={merchant} />
    </>
  );
}

function take(view: BrandView, of: string): void {
  // Somebody may have turned to another merchant while this one's look was saved.
  if (of === merchantNow()) reading.value = { kind: "ready", view };
  // The name stands in the bar of the dashboard too.
  void rereadSession();
}

function Content({ merchant }: { readonly merchant: string }) {
  return (
    <Loaded of={reading.value} failed={say("look.failed")} onRetry={() => void open()}>
      {(now) => (
        <section class="panel look-panel" aria-labelledby="look">
          <h2 id="look">{say("look.heading")}</h2>
          <p class="settings-lead">{say("look.lead")}</p>
          {can("manage_settings") ? (
            <LookForm view={now.view} onView={(view) => take(view, merchant)} onStale={open} />
          ) : (
            <>
              <Notice tone="calm" icon="person">
                {say("settings.readOnly")}
              </Notice>
              <Preview {...now.view} />
            </>
          )}
        </section>
      )}
    </Loaded>
  );
}
