import { useEffect } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import type { DashboardPaymentDetail } from "../../shared/api.ts";
import { say } from "../dictionary/words.ts";
import { clockTime, kes } from "../format.ts";
import { freshness, listen } from "../live.ts";
import { PATHS } from "../paths.ts";
import { can } from "../session.ts";
import { Blank } from "../ui/blank.tsx";
import { Icon } from "../ui/icon.tsx";
import { useKeys } from "../ui/keys.ts";
import { Notice } from "../ui/notice.tsx";
import { SkeletonBlocks } from "../ui/skeleton.tsx";
import { Timeline } from "../ui/timeline.tsx";
import { Failed } from "./failure.tsx";
import { Actions } from "./payment/actions.tsx";
import { Attempts } from "./payment/attempts.tsx";
import { Messages } from "./payment/messages.tsx";
import { NoteForm } from "./payment/note-form.tsx";
import { PaymentFacts } from "./payment/payment-facts.tsx";
import { PaymentHead } from "./payment/payment-head.tsx";
import { nudgedPayment, openPayment, payment, readAgain } from "./payment/payment-store.ts";
import { SecondPerson } from "./payment/second-person.tsx";
import { timelineItems } from "./payment/story.tsx";
import { backToList } from "./payments/list-store.ts";
import { useTitle } from "./title.ts";

/** The whole story of one payment. */
export function PaymentPage() {
  const { params } = useRoute();
  const { route } = useLocation();
  const id = params.id ?? "";
  const now = payment.value;
  const amount = now.kind === "ready" ? kes(now.detail.payment.amount) : "";
  useTitle(say("payment.title", { amount }).trim());
  useEffect(() => void openPayment(id), [id]);
  useEffect(() => listen({ nudged: nudgedPayment, ticked: () => void readAgain() }), []);
  useKeys({ Escape: () => route(backToList()) });
  return (
    <>
      <p class="back">
        <a href={backToList()}>
          <Icon name="back" />
          {say("payment.back")}
        </a>
      </p>
      <Content />
    </>
  );
}

function Content() {
  const now = payment.value;
  switch (now.kind) {
    case "loading":
      return <SkeletonBlocks label={say("app.loading")} />;
    case "missing":
      return (
        <Blank
          icon="question"
          title={say("payment.missing.title")}
          text={say("payment.missing.text")}
          level={1}
        >
          <a class="button button-plain" href={PATHS.payments}>
            {say("missing.home")}
          </a>
        </Blank>
      );
    case "failed":
      return (
        <Failed
          title={say("payment.failed.title")}
          level={1}
          failure={now.failure}
          onRetry={() => void readAgain()}
        />
      );
    case "ready":
      return <Story detail={now.detail} readAt={now.readAt} />;
  }
}

interface StoryProps {
  readonly detail: DashboardPaymentDetail;
  readonly readAt: number;
}

function Story({ detail, readAt }: StoryProps) {
  const { id, version } = detail.payment;
  return (
    <article>
      {freshness.value === "offline" && (
        <Notice tone="doubt" icon="offline" role="status">
          {say("live.offline.notice", { time: clockTime(readAt) })}
        </Notice>
      )}
      <PaymentHead detail={detail} />
      <div class="story">
        <div class="story-main">
          <section class="panel" aria-labelledby="timeline">
            <h2 id="timeline">{say("payment.timeline")}</h2>
            <Timeline items={timelineItems(detail.timeline, detail.notes, Date.now())} />
            {can("write_notes") && <NoteForm id={id} />}
          </section>
          {can("read_messages") && <Messages key={id} id={id} version={version} />}
        </div>
        <div class="story-side">
          <SecondPerson key={`second ${id}`} detail={detail} />
          <Actions key={id} detail={detail} />
          <section class="panel" aria-labelledby="facts">
            <h2 id="facts">{say("payment.facts")}</h2>
            <PaymentFacts payment={detail.payment} />
          </section>
          <section class="panel" aria-labelledby="attempts">
            <h2 id="attempts">{say("payment.attempts")}</h2>
            <Attempts attempts={detail.payment.attempts} facts={detail.attempts} />
          </section>
        </div>
      </div>
    </article>
  );
}
