import { useEffect } from "preact/hooks";
import { AUDIT_ACTIONS, AUDIT_POWERS } from "../../shared/audit-words.ts";
import { say } from "../dictionary/words.ts";
import { can } from "../session.ts";
import { Blank } from "../ui/blank.tsx";
import { Select } from "../ui/select.tsx";
import { AuditRows } from "./audit/audit-rows.tsx";
import { whoWords } from "./audit/audit-sentence.ts";
import { auditFilter, auditPeople, NO_FILTER, openAudit } from "./audit/audit-store.ts";
import { AuditVerify } from "./audit/audit-verify.tsx";
import { SettingsNav } from "./settings-nav.tsx";
import { useTitle } from "./title.ts";

/** Who did what and when, and the proof that nobody has touched it since. */
export function AuditPage() {
  useTitle(say("audit.title"));
  const mayRead = can("read_audit_log");
  useEffect(() => {
    if (mayRead) void openAudit(NO_FILTER);
  }, [mayRead]);
  return (
    <>
      <h1 class="page-title">{say("audit.title")}</h1>
      <SettingsNav />
      {mayRead ? (
        <div class="settings audit-page">
          <AuditVerify />
          <section aria-labelledby="audit-list">
            <h2 id="audit-list">{say("audit.list")}</h2>
            <Filters />
            <AuditRows />
          </section>
        </div>
      ) : (
        <Blank icon="slash" title={say("audit.notYours")} />
      )}
    </>
  );
}

function Filters() {
  const filter = auditFilter.value;
  const everybody = { value: "", word: say("audit.everybody") };
  const everything = { value: "", word: say("audit.everything") };
  const powers = AUDIT_POWERS.map((value) => ({
    value,
    word: whoWords({ id: value, name: null }),
  }));
  const people = auditPeople.value.map((person) => ({ value: person.id, word: whoWords(person) }));
  const actions = AUDIT_ACTIONS.map((value) => ({ value, word: say(`audit.action.${value}`) }));
  return (
    <div class="audit-filters">
      <Select
        label={say("audit.person")}
        value={filter.actor ?? ""}
        options={[everybody, ...people, ...powers]}
        onChange={(actor) => void openAudit({ ...filter, actor: actor === "" ? null : actor })}
      />
      <Select
        label={say("audit.what")}
        value={filter.action ?? ""}
        options={[everything, ...actions]}
        onChange={(value) => {
          const action = AUDIT_ACTIONS.find((one) => one === value) ?? null;
          void openAudit({ ...filter, action });
        }}
      />
    </div>
  );
}
