/**
 * A list of payments as a workbook of Excel's (ECMA-376): one sheet, its first row bold and held in
 * sight. Every text is a cell of type text, so that none can become a formula; amounts are numbers
 * and times are dates.
 */
import type { Locale } from "../../shared/words.ts";
import type { Cell, ExportColumn } from "./export-columns.ts";
import type { ExportTable } from "./export-rows.ts";
import { type ZipPart, zipped } from "./zip-stream.ts";

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const SHEET_NAME: Readonly<Record<Locale, string>> = { en: "Payments", sw: "Malipo" };

/** Places in `cellXfs` below. */
const STYLE = { head: 1, text: 2, number: 3, time: 4 } as const;

/** Text is also *formatted* as text (49): else a cell that begins with = becomes a formula when it is edited. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="5">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>`;

const SHEET_HEAD = `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;

const DAY_S = 86_400;
const EAT_S = 3 * 3_600;
/** Excel's day 0, 30 December 1899, is so many days before 1970. */
const DAYS_BEFORE_1970 = 25_569;

/** The file in pieces, made as it is read. */
export function paymentsXlsx(table: ExportTable): AsyncGenerator<Buffer> {
  return zipped(partsOf(table));
}

function partsOf(table: ExportTable): readonly ZipPart[] {
  const part = (name: string, text: string): ZipPart => ({ name, body: [XML + text] });
  return [
    part(
      "[Content_Types].xml",
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
    ),
    part("_rels/.rels", relations(["officeDocument", "xl/workbook.xml"])),
    part(
      "xl/workbook.xml",
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${SHEET_NAME[table.locale]}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    part(
      "xl/_rels/workbook.xml.rels",
      relations(["worksheet", "worksheets/sheet1.xml"], ["styles", "styles.xml"]),
    ),
    { name: "xl/styles.xml", body: [STYLES] },
    { name: "xl/worksheets/sheet1.xml", body: sheetOf(table) },
  ];
}

function relations(...targets: readonly (readonly [type: string, target: string])[]): string {
  const each = targets.map(
    ([type, target], n) =>
      `<Relationship Id="rId${n + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join("")}</Relationships>`;
}

async function* sheetOf({ columns, heads, pages }: ExportTable): AsyncGenerator<string> {
  let row = 1;
  const rowOf = (cells: readonly string[]) => {
    const placed = cells.map((cell, n) => `<c r="${letter(n)}${row}" ${cell}`);
    return `<row r="${row++}">${placed.join("")}</row>`;
  };
  yield `${SHEET_HEAD}<cols>${columns.map(widthOf).join("")}</cols><sheetData>`;
  yield rowOf(heads.map((text) => textCell(text, STYLE.head)));
  for await (const rows of pages()) yield rows.map((cells) => rowOf(cells.map(cellOf))).join("");
  yield "</sheetData></worksheet>";
}

/** A file has fewer columns than there are letters. */
function letter(column: number): string {
  return String.fromCharCode("A".charCodeAt(0) + column);
}

function widthOf({ width }: ExportColumn, n: number): string {
  return `<col min="${n + 1}" max="${n + 1}" width="${width}" customWidth="1"/>`;
}

/** What follows a cell's place. */
function cellOf(cell: Cell): string {
  switch (cell.kind) {
    case "text":
      return textCell(cell.text, STYLE.text);
    case "number":
      return `s="${STYLE.number}"><v>${cell.value}</v></c>`;
    case "time":
      if (cell.at === null) return `s="${STYLE.time}"/>`;
      return `s="${STYLE.time}"><v>${nairobiSerial(cell.at)}</v></c>`;
  }
}

function textCell(text: string, style: number): string {
  if (text === "") return `s="${style}"/>`;
  return `s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

/** Days on the wall in Nairobi, with the whole second that the list shows. */
function nairobiSerial(at: number): string {
  return ((Math.floor(at / 1_000) + EAT_S) / DAY_S + DAYS_BEFORE_1970).toFixed(8);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};
/** What XML cannot hold or would change, and what reads like our own way of writing it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be found.
const UNFIT = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;

/** Odd characters are written as Excel writes them: `_x000B_`. */
function xmlText(text: string): string {
  return text
    .replace(UNFIT, (odd) => `_x${odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`)
    .replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);
}
