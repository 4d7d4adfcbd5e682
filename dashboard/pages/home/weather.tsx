import type { WeatherView } from "../../../shared/insight-api.ts";
import type { Weather } from "../../../shared/insight-words.ts";
import { say } from "../../dictionary/words.ts";
import { Facts } from "../../ui/facts.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Mark } from "../marks.ts";

const WEATHER_MARKS: Readonly<Record<Weather, Mark>> = {
  fine: { icon: "sun", tone: "good" },
  slow: { icon: "cloud", tone: "doubt" },
  trouble: { icon: "storm", tone: "bad" },
  unknown: { icon: "minus", tone: "calm" },
};

/** Whether M-Pesa itself is in trouble, in a plain sentence, with the numbers it is judged by. */
export function WeatherPanel({ report }: { readonly report: WeatherView }) {
  const { weather, acceptSeconds } = report;
  const { icon, tone } = WEATHER_MARKS[weather];
  return (
    <section class="panel" aria-labelledby="weather">
      <h2 id="weather">{say("weather.title")}</h2>
      <Notice tone={tone} icon={icon} role="status">
        {say(`weather.${weather}`)}
      </Notice>
      {report.prompts > 0 && (
        <>
          <h3 class="panel-sub">{say("weather.window")}</h3>
          <Facts
            size="small"
            facts={[
              { name: say("weather.prompts"), value: report.prompts },
              { name: say("weather.paid"), value: report.paid },
              { name: say("weather.silent"), value: report.silent },
              { name: say("weather.refused"), value: report.refused },
              ...(acceptSeconds === null
                ? []
                : [
                    {
                      name: say("weather.accept"),
                      value:
                        acceptSeconds < 1
                          ? say("time.underSecond")
                          : say("time.seconds", { n: acceptSeconds }),
                    },
                  ]),
            ]}
          />
        </>
      )}
    </section>
  );
}
