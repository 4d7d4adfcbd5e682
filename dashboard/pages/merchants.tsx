import { useEffect, useState } from "preact/hooks";
import type { MerchantView } from "../../shared/merchants-api.ts";
import { say } from "../dictionary/words.ts";
import { listen } from "../live.ts";
import { hasSeveral } from "../merchant-choice.ts";
import { readMerchants } from "../merchants-client.ts";
import { can, rereadSession } from "../session.ts";
import { Notice } from "../ui/notice.tsx";
import { Loaded } from "./loaded.tsx";
import { AddMerchant } from "./merchants/add-merchant.tsx";
import { MerchantList } from "./merchants/merchant-list.tsx";
import { rereading } from "./rereading.ts";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

const merchants = rereading<{ readonly merchants: readonly MerchantView[] }>();

/** Every merchant of this installation, and the form that adds one. */
export function MerchantsPage() {
  const title = say(hasSeveral() ? "merchants.title" : "merchants.add");
  useTitle(title);
  useEffect(() => void merchants.open("all", readMerchants), []);
  useEffect(() => listen({ nudged: () => {}, ticked: merchants.ticked }), []);
  return (
    <>
      <h1 class="page-title">{title}</h1>
      <SettingsNav />
      <Content />
    </>
  );
}

/** Something changed: the page and every choice of a merchant read it anew. */
function reread(): void {
  void merchants.open("all", readMerchants);
  void rereadSession();
}

function Content() {
  return (
    <Loaded
      of={merchants.reading.value}
      failed={say("merchants.failed")}
      onRetry={() => void merchants.reload()}
    >
      {(now) => <Sections merchants={now.value.merchants} />}
    </Loaded>
  );
}

interface Done {
  readonly what: "added" | "changed";
  readonly name: string;
}

function Sections({ merchants: all }: { readonly merchants: readonly MerchantView[] }) {
  const [done, setDone] = useState<Done | null>(null);
  const tell = (what: Done["what"]) => (name: string) => {
    setDone({ what, name });
    reread();
  };
  return (
    <div class="settings">
      <p class="settings-lead">{say("merchants.lead")}</p>
      {done !== null && (
        <Notice tone="good" icon="check" role="status">
          {say(`merchants.${done.what}`, { name: done.name })}
        </Notice>
      )}
      <MerchantList merchants={all} onChanged={reread} onProved={tell("changed")} />
      {can("manage_merchants") ? (
        <AddMerchant onAdded={tell("added")} />
      ) : (
        <Notice tone="calm" icon="person">
          {say("merchants.ownersOnly")}
        </Notice>
      )}
    </div>
  );
}
