import { describe, expect, it } from "vitest";
import type { TimelineEntryView } from "../../../shared/api.ts";
import { TIMELINE_KINDS, type TimelineKind } from "../../../shared/words.ts";
import { timelineItems } from "./story.tsx";

const NOW = Date.parse("2026-03-02T12:00:00Z");

/** A line `seconds` after 21:00 Nairobi time of 1 March. */
function line(kind: TimelineKind, seconds: number, to = "pending"): TimelineEntryView {
  return {
    id: `${kind}-${seconds}`,
    at: new Date(Date.parse("2026-03-01T18:00:00Z") + seconds * 1000).toISOString(),
    kind,
    attemptId: "a",
    from: "pending",
    to,
    status: "pending",
    detail: {},
  } as TimelineEntryView;
}

describe("a payment's story", () => {
  it("tells every kind of event in words", () => {
    const items = timelineItems(
      TIMELINE_KINDS.map((kind, index) => line(kind, index)),
      [],
      NOW,
    );
    expect(new Set(items.map(({ title }) => title)).size).toBe(TIMELINE_KINDS.length);
  });

  it("tells a run of silent looks as one, at the time of the last", () => {
    const items = timelineItems(
      [
        line("accepted", 0),
        line("look_silent", 20),
        line("look_silent", 35),
        line("look_silent", 50),
        line("callback_success", 60, "confirmed"),
        line("look_silent", 70),
      ],
      [],
      NOW,
    );
    expect(items.map(({ title, time }) => [time, title])).toEqual([
      ["21:00:00", "M-PESA took the prompt; it goes to the phone"],
      ["21:00:50", "Asked M-PESA 3 times: no verdict yet"],
      ["21:01:00", "M-PESA reported: paid"],
      ["21:01:10", "Asked M-PESA: no verdict yet"],
    ]);
  });

  it("names a day once, in Nairobi's time", () => {
    const midnight = 3 * 3600;
    const items = timelineItems(
      [line("opened", 0), line("prompt", midnight - 1), line("fence", midnight)],
      [],
      NOW,
    );
    expect(items.map(({ day }) => day)).toEqual(["Yesterday", null, "Today"]);
  });

  it("tells notes at their time, after what they are about", () => {
    const note = (text: string, seconds: number) => ({
      id: text,
      at: line("opened", seconds).at,
      author: "w@shop.co.ke",
      text,
    });
    const items = timelineItems(
      [line("opened", 0), line("prompt", 5), line("fence", 5), line("accepted", 9)],
      [note("asked her", 5), note("she will pay", 20)],
      NOW,
    );
    expect(items.map(({ id }) => id)).toEqual([
      "opened-0",
      "prompt-5",
      "fence-5",
      "asked her",
      "accepted-9",
      "she will pay",
    ]);
  });
});
