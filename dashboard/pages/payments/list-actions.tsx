import { useState } from "preact/hooks";
import { say } from "../../dictionary/words.ts";
import type { ListFilter } from "../../list-filter.ts";
import { Button } from "../../ui/button.tsx";
import { CheckGroup } from "../../ui/check-group.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import { COLUMN_CHOICES, columnsShown, showColumns } from "./column-choice.ts";
import { ExportDialog } from "./export-dialog.tsx";
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
      <Export filter={filter} />
    </div>
  );
}

function Export({ filter }: ListActionsProps) {
  const [dialog, setDialog] = useState<"open" | "closed">("closed");
  return (
    <>
      <Button onClick={() => setDialog("open")}>
        <Icon name="down" size={15} />
        {say("export.open")}
      </Button>
      {dialog === "open" && <ExportDialog filter={filter} onClose={() => setDialog("closed")} />}
    </>
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
