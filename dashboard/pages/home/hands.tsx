import type { DashboardPayment } from "../../../shared/api.ts";
import type { HandView } from "../../../shared/insight-api.ts";
import { say } from "../../dictionary/words.ts";
import { kes, moment } from "../../format.ts";
import { paymentPath } from "../../paths.ts";
import { Icon } from "../../ui/icon.tsx";
import { Pill, Tag } from "../../ui/pill.tsx";
import { FLAG_TONES, STATUS_MARKS } from "../marks.ts";

/** What only a person can settle, most pressing first. */
export function Hands({ hands }: { readonly hands: readonly HandView[] }) {
  return (
    <section class="panel" aria-labelledby="hands">
      <h2 id="hands">{say("hands.title")}</h2>
      {hands.length === 0 ? (
        <p class="home-calm">
          <Icon name="check" size={18} /> {say("hands.none")}
        </p>
      ) : (
        <ol class="hands">
          {hands.map((hand) => (
            <Hand key={hand.payment.id} {...hand} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Hand({ payment, cause }: HandView) {
  const { tone, icon } = STATUS_MARKS[payment.status];
  return (
    <li>
      <p class="hand-head">
        <a class="hand-order" href={paymentPath(payment.id)} title={payment.orderReference}>
          {payment.orderReference}
        </a>
        <strong>{kes(payment.amount)}</strong>
      </p>
      <p class="hand-cause">{causeWords(payment, cause)}</p>
      <p class="hand-marks">
        <Pill tone={tone} icon={icon}>
          {say(`status.${payment.status}`)}
        </Pill>
        {payment.flags.map((flag) => (
          <Tag key={flag} tone={FLAG_TONES[flag]} title={say(`flagHelp.${flag}`)}>
            {say(`flag.${flag}`)}
          </Tag>
        ))}
        <time class="soft" dateTime={payment.createdAt}>
          {moment(payment.createdAt, Date.now())}
        </time>
      </p>
    </li>
  );
}

/** What a flag asks of a person stands with the flag itself. */
function causeWords({ flags }: DashboardPayment, cause: HandView["cause"]): string {
  if (cause !== "flagged") return say(`hands.${cause}`);
  const telling = flags.find((flag) => FLAG_TONES[flag] === "odd") ?? flags[0];
  return telling === undefined ? "" : say(`flagHelp.${telling}`);
}
