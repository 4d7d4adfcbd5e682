import type { CountsView } from "../../../shared/insight-api.ts";
import { unpaidOf } from "../../../shared/insight-words.ts";
import { BarDrawing } from "../../charts/bars.tsx";
import { say } from "../../dictionary/words.ts";
import { grouped } from "../../format.ts";
import { PATHS } from "../../paths.ts";

/** How many did not pay today, and the way to why. */
export function FailuresToday({ counts }: { readonly counts: CountsView }) {
  const unpaid = unpaidOf(counts);
  const over = counts.paid + unpaid;
  return (
    <section class="panel" aria-labelledby="failures-today">
      <h2 id="failures-today">{say("home.failures")}</h2>
      {over > 0 && <BarDrawing counts={{ paid: counts.paid, unpaid }} most={over} />}
      <p>
        {unpaid === 0
          ? say("home.failures.none")
          : say("home.failures.text", { unpaid: grouped(unpaid), over: grouped(over) })}
      </p>
      <p class="panel-foot">
        <a href={PATHS.failures}>{say("home.failures.why")}</a>
      </p>
    </section>
  );
}
