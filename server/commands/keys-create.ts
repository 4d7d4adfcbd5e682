/** `lipia keys create`: keys for the default merchant. */
import { systemClock } from "../clock.ts";
import { createKeys } from "../flows/create-keys.ts";
import { systemIds } from "../ids.ts";
import { defaultMerchant } from "../merchant.ts";
import { answer, type Command, refusePositionals } from "./command.ts";
import { withHouse } from "./house.ts";

export const keysCreate: Command = {
  name: "keys create",
  usage: "[--json]",
  summary: "make new keys for the default merchant; they are shown this once",
  help: `Makes a publishable key, a secret key, a signing key and a webhook secret for the default merchant
of the configured environment. Older keys go on working. With --json one JSON object is printed:
{"publishableKey","secretKey","signingKey","webhookSecret"}`,
  options: { json: { type: "boolean" } },
  async run(given) {
    refusePositionals(given, "lipia keys create --help");
    const keys = await withHouse(async ({ config, seal, store: { merchants } }) => {
      const merchant = await merchants.ensureDefault(defaultMerchant(config));
      return createKeys({ merchants, seal, ids: systemIds(), clock: systemClock() }, merchant);
    });
    const lines = Object.entries(keys).map(([name, value]) => `${name.padEnd(16)}${value}`);
    answer(given.flag("json") ? JSON.stringify(keys) : lines.join("\n"));
    return 0;
  },
};
