import { useEffect, useRef, useState } from "preact/hooks";
import type { DashboardPaymentDetail } from "../../../shared/api.ts";
import type { Word } from "../../dictionary/en.ts";
import { say } from "../../dictionary/words.ts";
import { evidencePath, postAsk } from "../../payment-client.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { failureText } from "../failure.tsx";
import { actionNamed, type NotAllowed, whyNotText } from "./action-words.ts";
import { ByHandDialog, type ByHandName } from "./by-hand-dialog.tsx";
import { readAgain, takeDetail } from "./payment-store.ts";
import { PromptDialog } from "./prompt-dialog.tsx";

type Asking = "nothing" | "prompt" | ByHandName;
type Said =
  | { readonly kind: "nothing" }
  | { readonly kind: "done"; readonly text: string }
  | { readonly kind: "failed"; readonly text: string };

const BY_HAND: readonly ByHandName[] = ["confirm", "fail", "reverse"];

/** What the machine allows with this payment now, and why not the rest. */
export function Actions({ detail }: { readonly detail: DashboardPaymentDetail }) {
  const [asking, setAsking] = useState<Asking>("nothing");
  const [said, setSaid] = useState<Said>({ kind: "nothing" });
  useEffect(() => readWhenPossible(detail), [detail]);
  const close = () => setAsking("nothing");
  const done = (text: string) => {
    close();
    setSaid({ kind: "done", text });
  };
  const open = (what: Asking) => {
    setSaid({ kind: "nothing" });
    setAsking(what);
  };
  return (
    <section class="panel" aria-labelledby="actions">
      <h2 id="actions">{say("act.title")}</h2>
      <Possible detail={detail} onOpen={open} onSaid={setSaid} />
      <Told said={said} />
      <Impossible detail={detail} />
      {asking === "prompt" && (
        <PromptDialog detail={detail} onClose={close} onDone={() => done(say("act.prompted"))} />
      )}
      {asking !== "prompt" && asking !== "nothing" && (
        <ByHandDialog
          name={asking}
          detail={detail}
          onClose={close}
          onDone={(came) => done(say(came === "proposed" ? "act.proposed" : `act.done.${asking}`))}
        />
      )}
    </section>
  );
}

interface PossibleProps {
  readonly detail: DashboardPaymentDetail;
  readonly onOpen: (what: Asking) => void;
  readonly onSaid: (said: Said) => void;
}

function Possible({ detail, onOpen, onSaid }: PossibleProps) {
  const [work, setWork] = useState<"ready" | "busy">("ready");
  const allowed = (name: Parameters<typeof actionNamed>[1]) =>
    actionNamed(detail, name).kind === "allowed";
  const ask = async () => {
    setWork("busy");
    onSaid(await askNow(detail.payment.id));
    setWork("ready");
  };
  const nothing = detail.actions.every(({ kind }) => kind === "refused");
  if (nothing) return <p class="soft">{say("act.none")}</p>;
  return (
    <p class="acts">
      {(allowed("ask") || work === "busy") && (
        <Button state={work} onClick={() => void ask()}>
          {say("act.ask")}
        </Button>
      )}
      {(allowed("prompt_same") || allowed("prompt_other")) && (
        <Button onClick={() => onOpen("prompt")}>{say("act.prompt")}</Button>
      )}
      {BY_HAND.filter(allowed).map((name) => (
        <Button key={name} onClick={() => onOpen(name)}>
          {say(`act.${name}`)}
        </Button>
      ))}
      {allowed("evidence") && (
        <a class="button button-plain" href={evidencePath(detail.payment.id)} download>
          {say("act.evidence")}
        </a>
      )}
    </p>
  );
}

async function askNow(id: string): Promise<Said> {
  const answer = await postAsk(id);
  if (answer.ok) {
    takeDetail(answer.value.detail);
    const text = say(answer.value.asked === "asked" ? "act.asked" : "act.askedLater");
    return { kind: "done", text };
  }
  void readAgain();
  return { kind: "failed", text: failureText(answer.failure) };
}

/** What came of it; the focus goes there, since the button that was pressed may be gone. */
function Told({ said }: { readonly said: Said }) {
  const words = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (said.kind !== "nothing") words.current?.focus({ preventScroll: true });
  }, [said]);
  return (
    <div class="acts-told" role="status" ref={words} tabIndex={-1}>
      {said.kind !== "nothing" && (
        <Notice
          tone={said.kind === "done" ? "good" : "bad"}
          icon={said.kind === "done" ? "check" : "alert"}
        >
          {said.text}
        </Notice>
      )}
    </div>
  );
}

function Impossible({ detail }: { readonly detail: DashboardPaymentDetail }) {
  const closed = refusals(detail);
  if (closed.length === 0) return null;
  return (
    <details class="acts-closed">
      <summary>{say("act.closed")}</summary>
      <dl class="acts-why">
        {closed.map(({ word, why }) => (
          <div key={word}>
            <dt>{say(word)}</dt>
            <dd>{why}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Prompting is told as one where both phones are refused for the same reason. */
function refusals({ actions }: DashboardPaymentDetail) {
  const told = actions
    .filter((action): action is NotAllowed => action.kind === "refused")
    .map((action) => ({ name: action.name, why: whyNotText(action) }));
  const same = told.find(({ name }) => name === "prompt_same");
  const other = told.find(({ name }) => name === "prompt_other");
  const asOne = same !== undefined && same.why === other?.why;
  return told
    .filter(({ name }) => !(asOne && name === "prompt_other"))
    .map(({ name, why }): { word: Word; why: string } => ({
      word: asOne && name === "prompt_same" ? "act.prompt" : `act.${name}`,
      why,
    }));
}

/** Longer waits than this are met by the page's ordinary re-reading. */
const WAIT_MAX_MS = 3_600_000;
/** The server's clock may be a little behind the browser's. */
const MARGIN_MS = 500;

/** Reads the payment again when waiting has made something possible. */
function readWhenPossible({ actions }: DashboardPaymentDetail): () => void {
  const waits = actions
    .map((action) => (action.kind === "refused" && action.at ? Date.parse(action.at) : 0))
    .map((at) => at - Date.now())
    .filter((wait) => wait > 0 && wait < WAIT_MAX_MS);
  if (waits.length === 0) return () => {};
  const timer = setTimeout(() => void readAgain(), Math.min(...waits) + MARGIN_MS);
  return () => clearTimeout(timer);
}
