import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import { say, sayCount } from "../dictionary/words.ts";
import { clockTime } from "../format.ts";
import { freshness, listen } from "../live.ts";
import { filterFromQuery, type ListFilter, listPath, paymentPath } from "../paths.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Notice } from "../ui/notice.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { Failed } from "./failure.tsx";
import { ListBlank } from "./payments/list-blank.tsx";
import { ListFoot } from "./payments/list-foot.tsx";
import type { ListState } from "./payments/list-state.ts";
import { nudged, openList, reading, refresh, reload, showIncoming } from "./payments/list-store.ts";
import { ListTable } from "./payments/list-table.tsx";
import { ListToolbar } from "./payments/list-toolbar.tsx";
import { useArrivals, useListKeys, useReturn } from "./payments/list-ways.ts";
import { useTitle } from "./title.ts";

const SKELETON_ROWS = 12;

/** Every payment, newest first, live. */
export function PaymentsPage() {
  useTitle(say("list.title"));
  const { query, route } = useLocation();
  const filter = filterFromQuery(query);
  const address = listPath(filter);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => void openList(filter), [address]);
  useEffect(() => listen({ nudged, ticked: () => void refresh() }), []);
  useListKeys({ search, open: (id) => route(paymentPath(id)) });
  const choose = (next: ListFilter) => route(listPath(next), true);
  return (
    <>
      <h1 class="page-title">{say("list.title")}</h1>
      <ListToolbar filter={filter} onChange={choose} search={search} />
      <Rows filter={filter} onClear={choose} />
    </>
  );
}

interface RowsProps {
  readonly filter: ListFilter;
  readonly onClear: (filter: ListFilter) => void;
}

function Rows({ filter, onClear }: RowsProps) {
  const now = reading.value;
  switch (now.kind) {
    case "loading":
      return <SkeletonRows rows={SKELETON_ROWS} label={say("app.loading")} />;
    case "failed":
      return (
        <Failed
          title={say("list.failed.title")}
          failure={now.failure}
          onRetry={() => void reload()}
        />
      );
    case "ready": {
      const offline = freshness.value === "offline";
      const empty = now.list.rows.length === 0 && now.list.incoming.length === 0;
      return (
        <>
          {offline && (
            <Notice tone="doubt" icon="offline" role="status">
              {say("live.offline.notice", { time: clockTime(now.readAt) })}
            </Notice>
          )}
          {empty ? <ListBlank filter={filter} onClear={onClear} /> : <LiveList list={now.list} />}
        </>
      );
    }
  }
}

function LiveList({ list }: { readonly list: ListState }) {
  const area = useArrivals();
  useReturn(area);
  return (
    <div class="list" ref={area}>
      <Arrivals list={list} />
      <ListTable list={list} />
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
