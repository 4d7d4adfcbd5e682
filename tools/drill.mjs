/** `npm run drill`: promises under staged faults, on real processes and real HTTP, at any length. */
import { runBuilt } from "./built.mjs";

await runBuilt("server/drills/main.js");
