import { useEffect, useRef, useState } from "preact/hooks";
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import type { ProposalView } from "../../../shared/payment-actions-api.ts";
import { say } from "../../dictionary/words.ts";
import { kes, moment } from "../../format.ts";
import { can } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SecondDialog, type SecondDoing } from "./second-dialog.tsx";

const DONE = {
  approve: "proposal.approved",
  decline: "proposal.declined",
  withdraw: "proposal.withdrawn",
} as const;

/** What one person wants about much money, and a second one's yes or no. */
export function SecondPerson({ detail }: { readonly detail: DashboardPaymentDetail }) {
  const [doing, setDoing] = useState<SecondDoing | null>(null);
  const [said, setSaid] = useState<SecondDoing | null>(null);
  const { proposal } = detail;
  if (proposal === null && said === null) return null;
  return (
    <section class="panel second" aria-labelledby="second">
      <h2 id="second">{say(proposal === null ? "proposal.over" : "proposal.title")}</h2>
      {proposal !== null && <Wish proposal={proposal} />}
      {proposal !== null && can("act_on_payments") && (
        <p class="acts">
          {proposal.isYours ? (
            <Button onClick={() => setDoing("withdraw")}>{say("proposal.withdraw")}</Button>
          ) : (
            <>
              <Button onClick={() => setDoing("approve")}>{say("proposal.approve")}</Button>
              <Button onClick={() => setDoing("decline")}>{say("proposal.decline")}</Button>
            </>
          )}
        </p>
      )}
      <Told said={proposal === null ? said : null} />
      {doing !== null && proposal !== null && (
        <SecondDialog
          doing={doing}
          detail={detail}
          proposal={proposal}
          onClose={() => setDoing(null)}
          onDone={() => {
            setDoing(null);
            setSaid(doing);
          }}
        />
      )}
    </section>
  );
}

function Wish({ proposal }: { readonly proposal: ProposalView }) {
  const { action, proposer, amount, receipt, reason, expiresAt, isYours } = proposal;
  return (
    <>
      <p>{say(`proposal.${action}`, { name: proposer, amount: kes(amount) })}</p>
      <Facts
        size="small"
        facts={[
          { name: say("proposal.receipt"), value: receipt },
          { name: say("proposal.reason"), value: reason },
          { name: say("proposal.until"), value: moment(expiresAt, Date.now()) },
        ]}
      />
      {isYours && <p class="soft">{say("proposal.yours")}</p>}
    </>
  );
}

/** The focus goes there, since the button that was pressed is gone. */
function Told({ said }: { readonly said: SecondDoing | null }) {
  const words = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (said !== null) words.current?.focus({ preventScroll: true });
  }, [said]);
  return (
    <div class="acts-told" role="status" ref={words} tabIndex={-1}>
      {said !== null && (
        <Notice tone={said === "approve" ? "good" : "calm"} icon="check">
          {say(DONE[said])}
        </Notice>
      )}
    </div>
  );
}
