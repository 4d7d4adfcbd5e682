import { useState } from "preact/hooks";
import { say } from "../../dictionary/words.ts";
import { Button } from "../../ui/button.tsx";
import { CheckGroup } from "../../ui/check-group.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ALERT_WAYS, type AlertWay, choice } from "./choice.ts";
import { type Allowance, allowance, askAllowance, notify } from "./notification.ts";
import { ring } from "./sound.ts";

type Tried =
  | { readonly kind: "nothing" }
  | { readonly kind: "without_way" }
  | {
      readonly kind: "tried";
      readonly sound: "played" | "blocked" | "off";
      readonly notification: "shown" | "refused" | "off";
    };

/** How alerts are told beside the page itself, with a way to try it. */
export function WaysPanel() {
  const [allowed, setAllowed] = useState<Allowance>(allowance);
  const [tried, setTried] = useState<Tried>({ kind: "nothing" });
  const { ways } = choice.value;
  const change = async (wanted: readonly AlertWay[]) => {
    setTried({ kind: "nothing" });
    const asks = wanted.includes("notification") && !ways.includes("notification");
    const answer = asks ? await askAllowance() : allowed;
    setAllowed(answer);
    const refused = asks && answer !== "granted";
    const chosen = refused ? wanted.filter((way) => way !== "notification") : wanted;
    choice.value = { ...choice.peek(), ways: chosen };
  };
  const tryIt = async () => {
    const outcome = await tryOut(ways);
    setAllowed(allowance());
    setTried(outcome);
  };
  return (
    <section class="panel" aria-labelledby="alert-ways">
      <h2 id="alert-ways">{say("alerts.ways")}</h2>
      <p class="settings-lead">{say("alerts.ways.lead")}</p>
      <CheckGroup
        label={say("alerts.ways.legend")}
        look="list"
        options={ALERT_WAYS.map((value) => ({ value, word: say(`alerts.way.${value}`) }))}
        chosen={ways}
        onChange={(wanted) => void change(wanted)}
      />
      <div role="status" class="alerts-told">
        {(allowed === "denied" || allowed === "missing") && (
          <Notice tone="doubt" icon="alert">
            {say(`alerts.allowance.${allowed}`)}
          </Notice>
        )}
        <Outcome tried={tried} />
      </div>
      <p class="settings-actions">
        <Button onClick={() => void tryIt()}>{say("alerts.try")}</Button>
      </p>
    </section>
  );
}

/** The person may have taken the allowance back since; a click may ask for it again. */
async function tryOut(ways: readonly AlertWay[]): Promise<Tried> {
  if (ways.length === 0) return { kind: "without_way" };
  const sound = ways.includes("sound") ? await ring() : "off";
  if (!ways.includes("notification")) return { kind: "tried", sound, notification: "off" };
  await askAllowance();
  const words = { title: say("alerts.try.title"), body: say("alerts.try.body") };
  const notification = notify({ ...words, tag: "try", onClick: () => {} });
  return { kind: "tried", sound, notification };
}

function Outcome({ tried }: { readonly tried: Tried }) {
  switch (tried.kind) {
    case "nothing":
      return null;
    case "without_way":
      return (
        <Notice tone="calm" icon="question">
          {say("alerts.tried.withoutWay")}
        </Notice>
      );
    case "tried": {
      const { sound, notification } = tried;
      const well = sound !== "blocked" && notification !== "refused";
      return (
        <Notice tone={well ? "good" : "doubt"} icon={well ? "check" : "alert"}>
          {sound !== "off" && <p>{say(`alerts.tried.sound.${sound}`)}</p>}
          {notification !== "off" && <p>{say(`alerts.tried.notification.${notification}`)}</p>}
        </Notice>
      );
    }
  }
}
