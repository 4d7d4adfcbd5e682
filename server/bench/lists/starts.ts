/** How soon the built server is ready on a database of this size, after a kill. */
import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { drillEnv } from "../../drills/house.ts";
import { freePort, type Ready, startServer } from "../../drills/server-process.ts";

/** Nobody listens there, and a start asks nobody. */
const NO_DARAJA = "http://127.0.0.1:9";

/** The first start makes the owner and is not counted. @param path the database, opened by nobody who writes. */
export async function timeStarts(path: string, times: number): Promise<readonly Ready[]> {
  if (times === 0) return [];
  const folder = dirname(path);
  const log = join(folder, "server.log");
  appendFileSync(log, "");
  const env = drillEnv(folder, await freePort(), NO_DARAJA);
  const starts: Ready[] = [];
  for (let turn = 0; turn <= times; turn += 1) {
    const server = await startServer(env, log);
    if (turn > 0) starts.push(server.ready);
    await server.kill();
  }
  return starts;
}
