import { useEffect } from "preact/hooks";
import type { HomeView } from "../../shared/insight-api.ts";
import { say, sayCount } from "../dictionary/words.ts";
import { clockTime } from "../format.ts";
import { freshness } from "../live.ts";
import { useMerchant } from "../merchant-choice.ts";
import { PATHS } from "../paths.ts";
import { Notice } from "../ui/notice.tsx";
import { FailuresToday } from "./home/failures-today.tsx";
import { Figures } from "./home/figures.tsx";
import { FirstSteps } from "./home/first-steps.tsx";
import { Hands } from "./home/hands.tsx";
import { followPage, homeOf } from "./home/home-store.ts";
import { Latest } from "./home/latest.tsx";
import { WeatherPanel } from "./home/weather.tsx";
import { Loaded } from "./loaded.tsx";
import { MerchantSelect } from "./merchant-select.tsx";
import { useTitle } from "./title.ts";

/** Today at a glance, live; what needs a person stands before what only happens. */
export function HomePage() {
  useTitle(say("home.title"));
  const merchant = useMerchant();
  useEffect(() => followPage(merchant), [merchant]);
  return (
    <>
      <h1 class="page-title">{say("home.title")}</h1>
      <MerchantSelect of="any" />
      <Content merchant={merchant} />
    </>
  );
}

function Content({ merchant }: { readonly merchant: string }) {
  const home = homeOf(merchant);
  return (
    <Loaded of={home.reading.value} failed={say("home.failed")} onRetry={() => void home.reload()}>
      {(now) => (
        <>
          {freshness.value === "offline" && (
            <Notice tone="doubt" icon="offline" role="status">
              {say("live.offline.notice", { time: clockTime(now.readAt) })}
            </Notice>
          )}
          {now.value.lostAlerts > 0 && (
            <Notice tone="bad" icon="alert" role="status">
              {sayCount("mails.home", now.value.lostAlerts)}{" "}
              <a href={PATHS.alerts}>{say("mails.home.see")}</a>
            </Notice>
          )}
          {now.value.latest.length === 0 && merchant === "" ? (
            <FirstSteps />
          ) : (
            <Glance view={now.value} />
          )}
        </>
      )}
    </Loaded>
  );
}

function Glance({ view }: { readonly view: HomeView }) {
  return (
    <div class="home">
      <Figures view={view} />
      <div class="home-main">
        <Hands hands={view.hands} />
        <Latest payments={view.latest} now={view.now} />
      </div>
      <div class="home-side">
        <WeatherPanel report={view.weather} />
        <FailuresToday counts={view.today.counts} />
      </div>
    </div>
  );
}
