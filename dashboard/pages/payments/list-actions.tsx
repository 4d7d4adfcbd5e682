import { useState } from "preact/hooks";
import { EXPORT_ROWS_MAX } from "../../../shared/payment-columns.ts";
import { exportAddress } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { grouped } from "../../format.ts";
import { isFiltered, type ListFilter, listPath } from "../../list-filter.ts";
import { locale } from "../../preferences.ts";
import { Button } from "../../ui/button.tsx";
import { CheckGroup } from "../../ui/check-group.tsx";
import { Field } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import { COLUMN_CHOICES, columnsShown, showColumns } from "./column-choice.ts";
import {
  deleteView,
  type SavedView,
  savedViews,
  saveView,
  VIEW_NAME_MAX,
  VIEWS_MAX,
} from "./saved-views.ts";

interface ListActionsProps {
  readonly filter: ListFilter;
}

/** What one does with a list as a whole: keep its filter, choose its columns, take it away. */
export function ListActions({ filter }: ListActionsProps) {
  return (
    <div class="list-actions">
      <Views filter={filter} />
      <Columns />
      <a
        class="button button-plain"
        href={exportAddress(filter, columnsShown.value, locale.value)}
        download
        title={say("export.help", { rows: grouped(EXPORT_ROWS_MAX) })}
      >
        <Icon name="down" size={15} />
        {say("export.csv")}
      </a>
    </div>
  );
}

function Columns() {
  const shown = columnsShown.value;
  const face = (
    <>
      <Icon name="columns" size={15} />
      {say("columns.title")}
    </>
  );
  return (
    <Menu label={say("columns.title")} look="word" face={face}>
      <CheckGroup
        look="list"
        label={say("columns.lead")}
        options={COLUMN_CHOICES.map((value) => ({ value, word: say(`column.${value}`) }))}
        chosen={shown}
        onChange={showColumns}
      />
    </Menu>
  );
}

function Views({ filter }: ListActionsProps) {
  const here = listPath(filter);
  const views = savedViews.value;
  const [gone, setGone] = useState<SavedView | null>(null);
  const face = (
    <>
      <Icon name="star" size={15} />
      {say("views.title")}
    </>
  );
  return (
    <Menu label={say("views.title")} look="word" face={face}>
      {views.length === 0 && <p class="soft">{say("views.none")}</p>}
      {views.length > 0 && (
        <ul class="views" aria-label={say("views.title")}>
          {views.map((view) => (
            <li key={view.name}>
              <a href={view.path} aria-current={view.path === here ? "true" : undefined}>
                {view.name}
              </a>
              <button
                type="button"
                class="views-delete"
                aria-label={say("views.delete", { name: view.name })}
                onClick={() => {
                  deleteView(view.name);
                  setGone(view);
                }}
              >
                <Icon name="cross" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {gone !== null && (
        <Button
          onClick={() => {
            saveView(gone);
            setGone(null);
          }}
        >
          {say("views.undo", { name: gone.name })}
        </Button>
      )}
      {isFiltered(filter) && <NewView path={here} />}
    </Menu>
  );
}

function NewView({ path }: { readonly path: string }) {
  const [name, setName] = useState("");
  const [fault, setFault] = useState<"none" | "empty" | "full">("none");
  const save = () => {
    const wanted = name.trim().slice(0, VIEW_NAME_MAX);
    if (wanted === "") return setFault("empty");
    const known = savedViews.peek().some((view) => view.name === wanted);
    if (!known && savedViews.peek().length >= VIEWS_MAX) return setFault("full");
    saveView({ name: wanted, path });
    setName("");
    setFault("none");
  };
  return (
    <form
      class="views-new"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field
        label={say("views.name")}
        type="text"
        name="view"
        autocomplete="off"
        value={name}
        onInput={setName}
        error={fault === "none" ? null : say(`views.wrong.${fault}`, { most: VIEWS_MAX })}
      />
      <Button type="submit">{say("views.save")}</Button>
    </form>
  );
}
