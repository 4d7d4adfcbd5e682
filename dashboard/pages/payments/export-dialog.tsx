import { useEffect, useRef, useState } from "preact/hooks";
import {
  EXPORT_FORMATS,
  EXPORT_ROWS_MAX,
  type ExportFormat,
} from "../../../shared/payment-columns.ts";
import { rolesThatMay } from "../../../shared/permissions.ts";
import { say } from "../../dictionary/words.ts";
import { type ExportWish, fetchExport } from "../../export-client.ts";
import { grouped } from "../../format.ts";
import type { ListFilter } from "../../list-filter.ts";
import { locale } from "../../preferences.ts";
import { can } from "../../session.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { ConfirmForm } from "../confirm-form.tsx";
import { roleList } from "../failure.tsx";
import { columnsShown, shownColumns } from "./column-choice.ts";

/** Safari reads the file a while after it was told to; nothing says when it has. */
const SAVED_AFTER_MS = 40_000;

interface ExportDialogProps {
  readonly filter: ListFilter;
  readonly onClose: () => void;
}

/** Which file of the list: its format, and whether it holds whole phone numbers. Leaving ends it. */
export function ExportDialog({ filter, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>("xlsx");
  const [numbers, setNumbers] = useState<ExportWish["numbers"]>("masked");
  const [bytes, setBytes] = useState(0);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const fetchFile = () => {
    setBytes(0);
    const wish = { filter, columns: shownColumns(filter), format, numbers, locale: locale.value };
    return fetchExport(wish, { signal: stop.current.signal, onBytes: setBytes });
  };
  return (
    <Dialog title={say("export.title")} onClose={onClose}>
      <ConfirmForm
        ask="nothing"
        submit={say(numbers === "whole" ? "export.goWhole" : "export.go")}
        send={fetchFile}
        onDone={(file) => {
          save(file);
          onClose();
        }}
        onFailed={() => setBytes(0)}
        onClose={onClose}
      >
        <p>{say("export.lead", { rows: grouped(EXPORT_ROWS_MAX) })}</p>
        <Segmented
          label={say("export.format")}
          value={format}
          options={EXPORT_FORMATS.map((value) => ({ value, word: say(`export.format.${value}`) }))}
          onChange={setFormat}
        />
        <Numbers value={numbers} onChange={setNumbers} />
        <p class="export-progress soft" role="status">
          {bytes > 0 && say("export.making", { size: sizeWords(bytes) })}
        </p>
      </ConfirmForm>
    </Dialog>
  );
}

interface NumbersProps {
  readonly value: ExportWish["numbers"];
  readonly onChange: (value: ExportWish["numbers"]) => void;
}

/** Whole numbers are chosen by name, and what that means is said before. */
function Numbers({ value, onChange }: NumbersProps) {
  if (!columnsShown.value.includes("phone")) {
    return <p class="soft">{say("export.numbers.noColumn")}</p>;
  }
  if (!can("export_numbers")) {
    const roles = roleList(rolesThatMay("export_numbers"));
    return <p class="soft">{say("export.numbers.notYours", { roles })}</p>;
  }
  return (
    <>
      <Segmented
        label={say("export.numbers")}
        value={value}
        options={(["masked", "whole"] as const).map((each) => ({
          value: each,
          word: say(`export.numbers.${each}`),
        }))}
        onChange={onChange}
      />
      {value === "whole" && (
        <Notice tone="doubt" icon="alert" role="status">
          {say("export.numbers.means")}
        </Notice>
      )}
    </>
  );
}

function save(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAVED_AFTER_MS);
}

function sizeWords(bytes: number): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1_000));
  if (kilobytes < 1_000) return say("export.size.kb", { n: kilobytes });
  return say("export.size.mb", { n: (kilobytes / 1_000).toFixed(1) });
}
