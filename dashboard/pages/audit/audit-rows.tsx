import type { AuditRowView } from "../../../shared/audit-api.ts";
import { say } from "../../dictionary/words.ts";
import { clockTime, dayWord } from "../../format.ts";
import { Blank } from "../../ui/blank.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { failureText } from "../failure.tsx";
import { Loaded } from "../loaded.tsx";
import { didWords, factWords, whoWords } from "./audit-sentence.ts";
import { auditFilter, auditReading, NO_FILTER, openAudit, readOlder } from "./audit-store.ts";

/** The rows that fit the filter, newest first. */
export function AuditRows() {
  return (
    <Loaded
      of={auditReading.value}
      failed={say("audit.failed")}
      onRetry={() => void openAudit(auditFilter.peek())}
      outline={<SkeletonRows rows={8} label={say("app.loading")} />}
    >
      {(now) =>
        now.rows.length === 0 ? (
          <Blank icon="lens" title={say("audit.none")}>
            <Button onClick={() => void openAudit(NO_FILTER)}>{say("audit.showAll")}</Button>
          </Blank>
        ) : (
          <>
            <ol class="audit" aria-label={say("audit.list")}>
              {now.rows.map((row) => (
                <Row key={row.number} row={row} />
              ))}
            </ol>
            {typeof now.older === "object" && (
              <Notice tone="bad" icon="alert" role="alert">
                {failureText(now.older)}
              </Notice>
            )}
            {now.hasMore && (
              <p class="audit-older">
                <Button
                  state={now.older === "busy" ? "busy" : "ready"}
                  onClick={() => void readOlder()}
                >
                  {say("audit.older")}
                </Button>
              </p>
            )}
          </>
        )
      }
    </Loaded>
  );
}

function Row({ row }: { readonly row: AuditRowView }) {
  const facts = factWords(row);
  return (
    <li>
      <time class="audit-time" dateTime={row.at} title={say("time.zone")}>
        <span class="soft">{dayWord(row.at, Date.now())}</span> {clockTime(row.at)}
      </time>
      <div class="audit-words">
        <p>
          <strong>{whoWords(row.actor)}</strong> {didWords(row)}
        </p>
        {facts !== "" && <p class="soft">{facts}</p>}
      </div>
      <span class="audit-number soft" title={row.hash}>
        {row.number}
      </span>
    </li>
  );
}
