/** The filters that a person keeps under names, in whichever browser they sign in. */
import { useEffect, useRef, useState } from "preact/hooks";
import { VIEW_NAME_MAX, VIEW_QUERY_MAX, VIEWS_MAX } from "../../../shared/view-limits.ts";
import type { SavedView } from "../../../shared/views-api.ts";
import { type Failure, reachable } from "../../client.ts";
import { say, sayCount } from "../../dictionary/words.ts";
import { filterQuery, isFiltered, type ListFilter } from "../../list-filter.ts";
import { PATHS } from "../../paths.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import { failureText } from "../failure.tsx";
import { browserViews, forgetBrowserViews, moveBrowserViews } from "./browser-views.ts";
import { deleteView, openViews, saveView, viewsReading } from "./views-store.ts";

export function ViewsMenu({ filter }: { readonly filter: ListFilter }) {
  const face = (
    <>
      <Icon name="star" size={15} />
      {say("views.title")}
    </>
  );
  return (
    <Menu
      label={say("views.title")}
      look="word"
      face={face}
      onOpen={() => {
        void openViews();
      }}
    >
      <Inside filter={filter} />
    </Menu>
  );
}

function Inside({ filter }: { readonly filter: ListFilter }) {
  const now = viewsReading.value;
  switch (now.kind) {
    case "loading":
      return <p class="soft">{say("app.loading")}</p>;
    case "failed":
      return (
        <>
          <p class="field-error" role="alert">
            {failureText(now.failure)}
          </p>
          <Button onClick={() => void openViews()}>{say("problem.retry")}</Button>
        </>
      );
    case "ready":
      return (
        <>
          {!reachable.value && (
            <p class="soft" role="status">
              {say("views.offline")}
            </p>
          )}
          <Kept views={now.views} here={queryOf(filter)} />
          {browserViews.value.length > 0 && <Offer />}
          {isFiltered(filter) && <NewView query={queryOf(filter)} />}
        </>
      );
  }
}

/** The filter as a view keeps it; the server says that none keeps a whole number. */
function queryOf(filter: ListFilter): string {
  return filterQuery(filter).toString().replaceAll("%2C", ",");
}

interface KeptProps {
  readonly views: readonly SavedView[];
  readonly here: string;
}

function Kept({ views, here }: KeptProps) {
  const [gone, setGone] = useState<SavedView | null>(null);
  const [fault, setFault] = useState<Failure | null>(null);
  const remove = async (view: SavedView) => {
    const failure = await deleteView(view.id);
    setFault(failure);
    if (failure === null) setGone(view);
  };
  const bringBack = async (view: SavedView) => {
    const failure = await saveView(view.name, view.query);
    setFault(failure);
    if (failure === null) setGone(null);
  };
  const area = useFocusAfter(gone);
  return (
    <div class="views-kept" ref={area}>
      {views.length === 0 && <p class="soft">{say("views.none")}</p>}
      {views.length > 0 && (
        <ul class="views" aria-label={say("views.title")}>
          {views.map((view) => (
            <KeptView key={view.id} view={view} here={here} onDelete={remove} />
          ))}
        </ul>
      )}
      {gone !== null && (
        <Button onClick={() => void bringBack(gone)}>
          <span class="views-name">{say("views.undo", { name: gone.name })}</span>
        </Button>
      )}
      <Fault text={fault === null ? null : viewFault(fault)} />
    </div>
  );
}

/** The button that was pressed is gone with its view: the keyboard goes on at what undoes that. */
function useFocusAfter(gone: SavedView | null) {
  const area = useRef<HTMLDivElement>(null);
  const before = useRef<SavedView | null>(null);
  useEffect(() => {
    const back = gone === null ? before.current?.name : undefined;
    before.current = gone;
    const all = [...(area.current?.querySelectorAll<HTMLElement>("a, .button") ?? [])];
    if (gone !== null) all.at(-1)?.focus();
    else if (back !== undefined) all.find(({ title }) => title === back)?.focus();
  }, [gone]);
  return area;
}

interface KeptViewProps {
  readonly view: SavedView;
  readonly here: string;
  readonly onDelete: (view: SavedView) => Promise<void>;
}

function KeptView({ view, here, onDelete }: KeptViewProps) {
  const { name, query } = view;
  return (
    <li>
      <a
        class="views-name"
        href={`${PATHS.payments}?${query}`}
        title={name}
        aria-current={query === here ? "true" : undefined}
      >
        {name}
      </a>
      <button
        type="button"
        class="views-delete"
        aria-label={say("views.delete", { name })}
        onClick={() => void onDelete(view)}
      >
        <Icon name="cross" size={14} />
      </button>
    </li>
  );
}

/** What this browser kept before: taken along or let go, and then never offered again. */
function Offer() {
  const [state, setState] = useState<"ready" | "busy">("ready");
  const [fault, setFault] = useState<string | null>(null);
  const move = async () => {
    setState("busy");
    const failure = await moveBrowserViews();
    setFault(failure === null ? null : viewFault(failure));
    setState("ready");
  };
  const names = browserViews.value.map(({ name }) => name).join(", ");
  return (
    <div class="views-offer">
      <p class="soft" title={names}>
        {sayCount("views.offer", browserViews.value.length)}
      </p>
      <Button state={state} onClick={() => void move()}>
        {say("views.offer.keep")}
      </Button>
      <Button look="quiet" onClick={forgetBrowserViews}>
        {say("views.offer.forget")}
      </Button>
      <Fault text={fault} />
    </div>
  );
}

function Fault({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p class="field-error" role="alert">
      {text}
    </p>
  );
}

function NewView({ query }: { readonly query: string }) {
  const [name, setName] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [state, setState] = useState<"ready" | "busy">("ready");
  const save = async () => {
    const wanted = name.trim();
    if (wanted === "") return setFault(say("views.wrong.empty"));
    if (wanted.length > VIEW_NAME_MAX) {
      return setFault(say("views.wrong.name", { most: VIEW_NAME_MAX }));
    }
    if (query.length > VIEW_QUERY_MAX) return setFault(say("views.wrong.long"));
    setState("busy");
    const failure = await saveView(wanted, query);
    setState("ready");
    setFault(failure === null ? null : viewFault(failure));
    if (failure === null) setName("");
  };
  return (
    <form
      class="views-new"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (state === "ready") void save();
      }}
    >
      <Field
        label={say("views.name")}
        type="text"
        name="view"
        autocomplete="off"
        value={name}
        onInput={setName}
        error={fault}
      />
      <Button type="submit" state={state}>
        {say("views.save")}
      </Button>
    </form>
  );
}

/** What the pages send is a filter of the list, so a refused one holds a number. */
function viewFault(failure: Failure): string {
  if (failure.kind !== "refused") return failureText(failure);
  if (failure.param === "query") return say("views.wrong.number");
  if (failure.param === "name") return say("views.wrong.name", { most: VIEW_NAME_MAX });
  if (failure.code === "views_full") return say("views.wrong.full", { most: VIEWS_MAX });
  return failure.code === "view_not_found" ? say("views.wrong.gone") : failureText(failure);
}
