/** Timeline lines → what a person reads: plain words, and runs of silent looks told as one. */
import type { TimelineEntryView } from "../../../shared/api.ts";
import type { NoteView } from "../../../shared/payment-actions-api.ts";
import { en, type Word } from "../../dictionary/en.ts";
import { say } from "../../dictionary/words.ts";
import { clockTime, dayWord, kes } from "../../format.ts";
import { type Fact, Facts } from "../../ui/facts.tsx";
import type { TimelineItem } from "../../ui/timeline.tsx";
import { KIND_MARKS, pageWord } from "../marks.ts";

interface Piece extends Omit<TimelineItem, "day"> {
  readonly from: string;
}

/** What happened and what was noted, oldest first; `now` is epoch ms and decides "today". */
export function timelineItems(
  entries: readonly TimelineEntryView[],
  notes: readonly NoteView[],
  now: number,
): readonly TimelineItem[] {
  const pieces = [...runs(entries).map(pieceOfRun), ...notes.map(pieceOfNote)];
  // Equal moments keep their order: what happened, then what was noted about it.
  pieces.sort((one, other) => Date.parse(one.dateTime) - Date.parse(other.dateTime));
  let dayBefore = "";
  return pieces.map(({ from, ...item }) => {
    const dayHere = dayWord(from, now);
    const day = dayHere === dayBefore ? null : dayHere;
    dayBefore = dayWord(item.dateTime, now);
    return { ...item, day };
  });
}

function pieceOfRun(run: Run): Piece {
  const { first, last } = run;
  const many = run.entries.length > 1;
  return {
    id: first.id,
    from: first.at,
    time: clockTime(last.at),
    dateTime: last.at,
    ...KIND_MARKS[first.kind],
    title: many
      ? say("kind.look_silent.many", { n: run.entries.length })
      : say(`kind.${first.kind}`),
    children: many ? <Looks run={run} /> : <Told entry={first} />,
  };
}

function pieceOfNote({ id, at, author, text }: NoteView): Piece {
  return {
    id,
    from: at,
    time: clockTime(at),
    dateTime: at,
    icon: "pen",
    tone: "calm",
    title: say("note.by", { name: author }),
    children: <p class="note-text">{text}</p>,
  };
}

export interface Run {
  readonly entries: readonly TimelineEntryView[];
  readonly first: TimelineEntryView;
  readonly last: TimelineEntryView;
}

/** Neighbouring looks without a verdict that moved nothing make one run; all else stands alone. */
export function runs(entries: readonly TimelineEntryView[]): readonly Run[] {
  const found: Run[] = [];
  for (const entry of entries) {
    const before = found.at(-1);
    if (before !== undefined && isSilent(entry) && isSilent(before.last)) {
      found[found.length - 1] = { ...before, entries: [...before.entries, entry], last: entry };
    } else {
      found.push({ entries: [entry], first: entry, last: entry });
    }
  }
  return found;
}

function isSilent({ kind, from, to }: TimelineEntryView): boolean {
  return kind === "look_silent" && from === to;
}

/** What a line adds to its title: the move of the attempt, and facts. */
function Told({ entry }: { readonly entry: TimelineEntryView }) {
  const { from, to } = entry;
  const facts = factsOf(entry);
  return (
    <>
      {to !== null && from !== to && from !== null && (
        <p class="soft">
          {say(`attemptState.${from}`)} → {say(`attemptState.${to}`)}
        </p>
      )}
      {facts.length > 0 && <Facts size="small" facts={facts} />}
    </>
  );
}

function Looks({ run }: { readonly run: Run }) {
  return (
    <details class="looks">
      <summary>
        {clockTime(run.first.at)} – {clockTime(run.last.at)}
      </summary>
      <ol>
        {run.entries.map((entry) => (
          <li key={entry.id}>
            <time dateTime={entry.at}>{clockTime(entry.at)}</time>{" "}
            <span class="soft">{String(entry.detail.description ?? entry.detail.code ?? "")}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function factsOf(entry: TimelineEntryView): readonly Fact[] {
  return Object.entries(entry.detail).flatMap(([name, value]) =>
    value === null || value === "" ? [] : [{ name: factName(name), value: factValue(name, value) }],
  );
}

/** A note that the dictionary does not know keeps its own name, split into words. */
function factName(name: string): string {
  const word = known(`detail.${name}`);
  if (word !== null) return word;
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function factValue(name: string, value: string | number | boolean): string {
  if (value === true) return say("detail.yes");
  if (name === "amount" && Number.isInteger(value)) return kes(Number(value));
  if (name === "source") return known(`amountSource.${value}`) ?? String(value);
  if (name === "page") return pageWord(String(value));
  if (name === "cause") return known(`cause.${value}`) ?? String(value);
  return String(value);
}

/** The text of a word that was put together, if the dictionary has it. */
function known(word: string): string | null {
  return word in en ? say(word as Word) : null;
}
