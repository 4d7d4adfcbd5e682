/** `lipia keys create`: keys for the default merchant, or for one that was added. */
import { systemClock } from "../clock.ts";
import { createKeys } from "../flows/create-keys.ts";
import { systemIds } from "../ids.ts";
import { defaultMerchant } from "../merchant.ts";
import type { Merchant } from "../ports.ts";
import { answer, type Command, refusePositionals, UsageError } from "./command.ts";
import { withHouse } from "./house.ts";

export const keysCreate: Command = {
  name: "keys create",
  usage: "[--merchant NAME_OR_ID] [--json]",
  summary: "make new keys for a merchant; they are shown this once",
  help: `Makes a publishable key, a secret key, a signing key and a webhook secret for the default merchant
of the configured environment, or for the one that --merchant names. Older keys go on working. With --json one JSON object is printed:
{"publishableKey","secretKey","signingKey","webhookSecret"}`,
  options: { json: { type: "boolean" }, merchant: { type: "string" } },
  async run(given) {
    refusePositionals(given, "lipia keys create --help");
    const keys = await withHouse(async ({ config, seal, store: { merchants } }) => {
      const first = await merchants.ensureDefault(defaultMerchant(config));
      const wish = given.option("merchant");
      const merchant =
        wish === null
          ? first
          : merchantNamed(await merchants.ofEnvironment(first.environment), wish);
      return createKeys({ merchants, seal, ids: systemIds(), clock: systemClock() }, merchant);
    });
    const lines = Object.entries(keys).map(([name, value]) => `${name.padEnd(16)}${value}`);
    answer(given.flag("json") ? JSON.stringify(keys) : lines.join("\n"));
    return 0;
  },
};

/** By its id or by its name, whatever the case; a name that two have is no name. */
function merchantNamed(all: readonly Merchant[], wish: string): Merchant {
  const plain = (text: string) => text.trim().toLowerCase();
  const byId = all.filter(({ id }) => id === wish);
  const found = byId.length > 0 ? byId : all.filter(({ name }) => plain(name) === plain(wish));
  const [merchant, ...more] = found;
  if (merchant !== undefined && more.length === 0) return merchant;
  const known = all.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
  const fault = merchant === undefined ? "There is no merchant" : "More than one merchant is";
  throw new UsageError(`${fault} called "${wish}". There are:\n${known}`);
}
