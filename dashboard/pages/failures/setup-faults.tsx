import type { FailuresView } from "../../../shared/insight-api.ts";
import { SETUP_FAULTS } from "../../../shared/insight-words.ts";
import { say, sayCount } from "../../dictionary/words.ts";
import { Icon } from "../../ui/icon.tsx";
import { leftBy } from "./behind.ts";

/** The merchant's own faults stand before everything else: they end only when somebody mends them. */
export function SetupFaults({ view }: { readonly view: FailuresView }) {
  const setUp = view.reasons.find(({ reason }) => reason === "merchant_setup");
  if (setUp === undefined || setUp.codes.length === 0) return null;
  const { codes } = setUp;
  const { count, path } = leftBy(view, setUp);
  const faults = SETUP_FAULTS.map((fault) => {
    const own = codes.filter((code) => code.fault === fault);
    return { fault, own, tries: own.reduce((sum, { tries }) => sum + tries, 0) };
  }).filter(({ tries }) => tries > 0);
  return (
    <section class="panel faults tone-bad" aria-labelledby="faults">
      <h2 id="faults">
        <Icon name="alert" size={18} /> {say("faults.title")}
      </h2>
      <p>{say("faults.lead")}</p>
      <ul>
        {faults.map(({ fault, own, tries }) => (
          <li key={fault}>
            <h3>
              {say(`fault.${fault}`)} <span class="soft">{sayCount("faults.count", tries)}</span>
            </h3>
            <p>
              <strong>{say("faults.fix")}:</strong> {say(`faultFix.${fault}`)}
            </p>
            <p class="soft">
              {say("reasons.codes")}:{" "}
              <span class="code">{own.map(({ code }) => code || "–").join(", ")}</span>
            </p>
          </li>
        ))}
      </ul>
      {count > 0 && (
        <p>
          <a href={path}>{sayCount("faults.show", count)}</a>
        </p>
      )}
    </section>
  );
}
