import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { say, sayCount } from "../dictionary/words.ts";
import { clockTime } from "../format.ts";
import { filterFromQuery, type ListFilter, listPath } from "../list-filter.ts";
import { freshness, type Listener, listen } from "../live.ts";
import { paymentPath } from "../paths.ts";
import { isPrivate } from "../private-search.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Notice } from "../ui/notice.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { Loaded } from "./loaded.tsx";
import { MerchantSelect } from "./merchant-select.tsx";
import { shownColumns } from "./payments/column-choice.ts";
import { FilterChips, partsAsked } from "./payments/filter-chips.tsx";
import { FilterPanel } from "./payments/filter-panel.tsx";
import { ListBlank } from "./payments/list-blank.tsx";
import { ListFoot } from "./payments/list-foot.tsx";
import type { ListState } from "./payments/list-state.ts";
import { nudged, openList, reading, refresh, reload, showIncoming } from "./payments/list-store.ts";
import { ListSummary } from "./payments/list-summary.tsx";
import { ListTable } from "./payments/list-table.tsx";
import { ListToolbar, type Step } from "./payments/list-toolbar.tsx";
import { useArrivals, useListKeys, useReturn } from "./payments/list-ways.ts";
import { openTotals, recount } from "./payments/totals-store.ts";
import { useTitle } from "./title.ts";

const SKELETON_ROWS = 12;

/** Every payment, newest first, live. */
export function PaymentsPage() {
  useTitle(say("list.title"));
  const { query, route } = useLocation();
  const read = filterFromQuery(query);
  const address = listPath(read);
  const filter = useMemo(() => read, [address]);
  const search = useRef<HTMLInputElement>(null);
  const [panel, setPanel] = useState<"open" | "closed">("closed");
  useEffect(() => {
    void openList(filter);
    openTotals(filter);
  }, [filter]);
  useEffect(() => listen(LIVE), []);
  // A number that came in with an address, as from a link of long ago, is not left standing there.
  useEffect(() => {
    if (isPrivate(query.q ?? "")) route(address, true);
  }, [query.q, address]);
  const toggle = () => setPanel(panel === "open" ? "closed" : "open");
  useListKeys({ search, open: (id) => route(paymentPath(id)), filters: toggle });
  const choose = (next: ListFilter, step: Step = "push") =>
    route(listPath(next), step === "replace");
  const close = () => {
    setPanel("closed");
    document.querySelector<HTMLElement>('[aria-controls="filters"]')?.focus();
  };
  return (
    <>
      <h1 class="page-title">{say("list.title")}</h1>
      <MerchantSelect of="any" />
      <ListToolbar
        filter={filter}
        onChange={choose}
        search={search}
        panel={panel}
        onPanel={toggle}
        asked={partsAsked(filter)}
      />
      {panel === "open" && (
        <FilterPanel
          filter={filter}
          onClose={close}
          onShow={(next) => {
            close();
            choose(next);
          }}
        />
      )}
      <FilterChips filter={filter} onChange={choose} />
      <ListSummary filter={filter} />
      <Rows filter={filter} onClear={choose} />
    </>
  );
}

/** What is heard of payments: their rows at once, their sum a little later. */
const LIVE: Listener = {
  nudged(nudge) {
    nudged(nudge);
    recount();
  },
  ticked() {
    void refresh();
    recount();
  },
};

interface RowsProps {
  readonly filter: ListFilter;
  readonly onClear: (filter: ListFilter) => void;
}

function Rows({ filter, onClear }: RowsProps) {
  return (
    <Loaded
      of={reading.value}
      failed={say("list.failed.title")}
      onRetry={() => void reload()}
      outline={<SkeletonRows rows={SKELETON_ROWS} label={say("app.loading")} />}
    >
      {({ list, readAt }) => (
        <>
          {freshness.value === "offline" && (
            <Notice tone="doubt" icon="offline" role="status">
              {say("live.offline.notice", { time: clockTime(readAt) })}
            </Notice>
          )}
          {list.rows.length === 0 && list.incoming.length === 0 ? (
            <ListBlank filter={filter} onClear={onClear} />
          ) : (
            <LiveList list={list} filter={filter} />
          )}
        </>
      )}
    </Loaded>
  );
}

function LiveList({ list, filter }: { readonly list: ListState; readonly filter: ListFilter }) {
  const area = useArrivals();
  useReturn(area);
  return (
    <div class="list" ref={area}>
      <Arrivals list={list} />
      <ListTable list={list} columns={shownColumns(filter)} />
      <ListFoot list={list} />
    </div>
  );
}

/** Says that something is new without moving what is read. */
function Arrivals({ list }: { readonly list: ListState }) {
  const waiting = list.incoming.length;
  const show = () => {
    showIncoming();
    window.scrollTo({ top: 0 });
  };
  return (
    <div class="arrivals" role="status">
      {waiting > 0 && (
        <Button look="main" onClick={show}>
          <Icon name="up" size={15} />
          {list.gap ? say("list.new.many") : sayCount("list.new", waiting)}
        </Button>
      )}
    </div>
  );
}
