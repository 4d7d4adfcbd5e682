import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { FailuresView } from "../../shared/insight-api.ts";
import { say } from "../dictionary/words.ts";
import { clockTime } from "../format.ts";
import { readFailures } from "../insight-client.ts";
import { freshness, listen } from "../live.ts";
import { pathAbout, useMerchant } from "../merchant-choice.ts";
import { Blank } from "../ui/blank.tsx";
import { Notice } from "../ui/notice.tsx";
import { Bands, Pages, Sources } from "./failures/breakdowns.tsx";
import { FunnelPanel } from "./failures/funnel-panel.tsx";
import { Reasons } from "./failures/reasons.tsx";
import { SetupFaults } from "./failures/setup-faults.tsx";
import { PRESETS, type Span, spanFromQuery, spanPath } from "./failures/span.ts";
import { Summary } from "./failures/summary.tsx";
import { ByDay, ByHour } from "./failures/trend.tsx";
import { Loaded } from "./loaded.tsx";
import { MerchantSelect } from "./merchant-select.tsx";
import { rereading } from "./rereading.ts";
import { useTitle } from "./title.ts";

const failures = rereading<FailuresView>();

/** Why payments failed in some days: by reason first, then from every other side. */
export function FailuresPage() {
  useTitle(say("failures.title"));
  const { query } = useLocation();
  const span = spanFromQuery(query, Date.now());
  const { from, to } = span;
  const merchant = useMerchant();
  useEffect(() => {
    void failures.open(`${from} ${to} ${merchant}`, () => readFailures(from, to, merchant));
  }, [from, to, merchant]);
  useEffect(() => listen(failures), []);
  return (
    <>
      <div class="failures-head">
        <h1 class="page-title">{say("failures.title")}</h1>
        <Spans span={span} merchant={merchant} />
      </div>
      <MerchantSelect of="any" />
      <Content />
    </>
  );
}

function Spans({ span, merchant }: { readonly span: Span; readonly merchant: string }) {
  return (
    <nav class="spans" aria-label={say("failures.span")}>
      {PRESETS.map((preset) => (
        <a
          key={preset}
          class="chip"
          href={pathAbout(spanPath(preset), merchant)}
          aria-current={span.preset === preset ? "true" : undefined}
        >
          {say(`span.${preset}`)}
        </a>
      ))}
    </nav>
  );
}

function Content() {
  return (
    <Loaded
      of={failures.reading.value}
      failed={say("failures.failed")}
      onRetry={() => void failures.reload()}
    >
      {(now) => (
        <>
          {freshness.value === "offline" && (
            <Notice tone="doubt" icon="offline" role="status">
              {say("live.offline.notice", { time: clockTime(now.readAt) })}
            </Notice>
          )}
          {now.value.total.opened === 0 ? (
            <Blank
              icon="lens"
              title={say("failures.none.title")}
              text={say("failures.none.text")}
            />
          ) : (
            <Breakdown view={now.value} />
          )}
        </>
      )}
    </Loaded>
  );
}

function Breakdown({ view }: { readonly view: FailuresView }) {
  return (
    <div class="failures">
      <Summary view={view} />
      <SetupFaults view={view} />
      <Reasons view={view} />
      <div class="failures-sides">
        <div>
          {view.days.length > 1 && <ByDay view={view} />}
          <FunnelPanel view={view} />
          <Sources view={view} />
        </div>
        <div>
          <ByHour view={view} />
          <Bands view={view} />
          <Pages view={view} />
        </div>
      </div>
    </div>
  );
}
