import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { AlertKind } from "../../../shared/alert-words.ts";
import { say, sayCount } from "../../dictionary/words.ts";
import { kes } from "../../format.ts";
import { PATHS } from "../../paths.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { Mark } from "../marks.ts";
import { markSeen, openMatters, watchAlerts } from "./alert-watch.ts";
import type { Matter } from "./matters.ts";
import { matterPath, placeOf, subjectOf, troubleOf } from "./words.ts";

/** More lines than this would push the page away; home shows them all. */
const SHOWN_MAX = 3;

const KIND_MARKS: Readonly<Record<AlertKind, Mark>> = {
  doubt: { icon: "question", tone: "doubt" },
  review: { icon: "eye", tone: "odd" },
  callbacks: { icon: "storm", tone: "bad" },
};

/** What a person asked to be alerted of, above every page until it is settled or seen. */
export function AlertBar() {
  const { route } = useLocation();
  useEffect(() => watchAlerts(route), []);
  const open = openMatters.value;
  return (
    <>
      <p class="unseen" role="status">
        {spoken(open)}
      </p>
      {open.length > 0 && (
        <aside class="alerts" aria-label={say("alerts.title")}>
          <div class="alerts-inner">
            <ul>
              {open.slice(0, SHOWN_MAX).map((matter) => (
                <Line key={matter.key} matter={matter} />
              ))}
              {open.length > SHOWN_MAX && (
                <li class="alerts-more">
                  <a href={PATHS.home}>{say("alerts.more", { n: open.length - SHOWN_MAX })}</a>
                </li>
              )}
            </ul>
            <Button label={say("alerts.seenAll")} onClick={() => markSeen(open)}>
              {say("alerts.seen")}
            </Button>
          </div>
        </aside>
      )}
    </>
  );
}

function Line({ matter }: { readonly matter: Matter }) {
  const { icon, tone } = KIND_MARKS[matter.kind];
  return (
    <li class={`tone-${tone}`}>
      <Icon name={icon} size={18} />
      <p>
        <a href={matterPath([matter])} onClick={() => markSeen([matter])}>
          <Subject matter={matter} />
        </a>{" "}
        <span>{troubleOf(matter)}</span>
      </p>
    </li>
  );
}

/** In the words of `subjectOf`; an amount stays in one piece. */
function Subject({ matter }: { readonly matter: Matter }) {
  if (matter.kind === "callbacks") return <>{subjectOf(matter)}</>;
  return (
    <>
      {placeOf(matter).join(" · ")} · <b class="alerts-amount">{kes(matter.payment.amount)}</b>
    </>
  );
}

/** The number, so that every new matter changes the words, and the gravest one. */
function spoken(open: readonly Matter[]): string {
  const [first] = open;
  if (first === undefined) return "";
  const count = sayCount("alerts.count", open.length);
  return `${count}: ${subjectOf(first)}. ${troubleOf(first)}`;
}
