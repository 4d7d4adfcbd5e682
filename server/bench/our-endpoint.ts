/**
 * The real server on its own database: the whole composition of server/app.ts as `npm start` runs
 * it, with its default log, its worker, and its sockets.
 */
import { createServer } from "node:http";
import { join } from "node:path";
import { startApp } from "../app.ts";
import { systemClock } from "../clock.ts";
import { readConfig } from "../config.ts";
import { openSession } from "../http/sessions.ts";
import { systemIds } from "../ids.ts";
import { createLog } from "../log.ts";
import { createTokens } from "../tokens.ts";
import type { Endpoint, EndpointOptions, Watch } from "./endpoint.ts";
import { attemptDesk } from "./fresh-attempts.ts";
import { listen, unlisten } from "./listen.ts";
import { missingFrom } from "./missing.ts";
import { paidPrompts } from "./posts.ts";
import { take } from "./take.ts";

const OWNER = { email: "bench@example.co.ke", password: "only for this one run" };

/** Proven by the callback: the attempt and its payment agree, and the raw body is kept and applied. */
const CONFIRMED = `
  select a.receipt from attempts a
    join payments p on p.id = a.payment_id and p.status = 'confirmed' and p.receipt = a.receipt
    join inbox i on i.attempt_id = a.id and i.applied_at is not null
  where a.state = 'confirmed'`;

/** Starts the app, and beside it a second connection that prepares attempts between the rounds. */
export async function startOurs({ folder, seed }: EndpointOptions): Promise<Endpoint> {
  const path = join(folder, "ours.db");
  const config = readConfig({
    PORT: String(await freePort()),
    DATABASE_URL: `file:${path}`,
    LIPIA_ADMIN_EMAIL: OWNER.email,
    LIPIA_ADMIN_PASSWORD: OWNER.password,
  });
  const log = createLog(config.logLevel);
  const app = await startApp(config, log);
  const tokens = createTokens(config.secret);
  const desk = await attemptDesk({ path, secret: config.secret, merchant: app.merchant, tokens });
  const prompts = paidPrompts(seed);

  async function watch(): Promise<Watch> {
    const { people } = app.store;
    const owner = await people.userByEmail(OWNER.email);
    if (owner === null) throw new Error("the owner of the configuration was not made");
    const origin = `http://127.0.0.1:${app.port}`;
    const deps = { people, clock: systemClock(), ids: systemIds(), publicUrl: origin, log };
    const [cookie = ""] = (await openSession(deps, owner.id)).split(";", 1);
    const payment = await desk.open(take(prompts, 1));
    const checkoutUrl = `${origin}/pay/${payment.map(tokens.checkoutToken)[0]}`;
    return { origin, cookie, checkoutUrl };
  }

  return {
    port: app.port,
    watch: await watch(),
    prepare: (count) => desk.prepare(take(prompts, count)),
    missing: async (receipts) => missingFrom(path, receipts, CONFIRMED),
    async close() {
      await desk.close();
      await app.close();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await unlisten(probe);
  return port;
}
