/** What a server does beside the payments, each job with what it needs and no more. */
import { ageOutNightly } from "./flows/age-out.ts";
import { sendAlerts } from "./flows/send-alerts.ts";
import { watchAlerts } from "./flows/watch-alerts.ts";
import type { House } from "./house.ts";
import type { SideJob } from "./jobs/worker.ts";

/** A doubt is told of after five minutes; half a minute more is nothing. */
const WATCH_EVERY_MS = 30_000;
const SEND_EVERY_MS = 5_000;
/** How often it is asked whether it is night. */
const AGEING_EVERY_MS = 600_000;
const TIDY_EVERY_MS = 3_600_000;
/** Long enough to look up why a mail did not come. */
const MAILS_KEPT_MS = 90 * 86_400_000;

export function besideJobs(house: House): readonly SideJob[] {
  const mails = house.mailer === null ? [] : mailJobs(house, house.mailer);
  return [...mails, ageingJob(house)];
}

function ageingJob({ store, merchant, clock, log }: House): SideJob {
  const deps = { ...store, environment: merchant.environment, clock, log };
  return {
    name: "ageing",
    everyMs: AGEING_EVERY_MS,
    run: (resting) => ageOutNightly(deps, resting),
  };
}

function mailJobs(
  { config, store, merchant, clock, ids, log }: House,
  mailer: NonNullable<House["mailer"]>,
): readonly SideJob[] {
  const { environment } = merchant;
  const watching = { ...store, environment, clock, log };
  const sending = {
    ...store,
    environment,
    mailer,
    publicUrl: config.publicUrl.origin,
    clock,
    ids,
    log,
  };
  const tidy = () => store.alerts.dropOlderThan(clock.now() - MAILS_KEPT_MS);
  return [
    { name: "alerts", everyMs: WATCH_EVERY_MS, run: () => watchAlerts(watching) },
    { name: "mails", everyMs: SEND_EVERY_MS, run: (resting) => sendAlerts(sending, resting) },
    { name: "old mails", everyMs: TIDY_EVERY_MS, run: tidy },
  ];
}
