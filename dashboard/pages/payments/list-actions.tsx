import { EXPORT_ROWS_MAX } from "../../../shared/payment-columns.ts";
import { exportAddress } from "../../client.ts";
import { say } from "../../dictionary/words.ts";
import { grouped } from "../../format.ts";
import type { ListFilter } from "../../list-filter.ts";
import { locale } from "../../preferences.ts";
import { CheckGroup } from "../../ui/check-group.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import { COLUMN_CHOICES, columnsShown, showColumns } from "./column-choice.ts";
import { ViewsMenu } from "./views-menu.tsx";

interface ListActionsProps {
  readonly filter: ListFilter;
}

/** What one does with a list as a whole: keep its filter, choose its columns, take it away. */
export function ListActions({ filter }: ListActionsProps) {
  return (
    <div class="list-actions">
      <ViewsMenu filter={filter} />
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
