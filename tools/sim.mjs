/** `npm run sim`: seeded schedules of faults against the real flows; see server/simulation. */
import { runBuilt } from "./built.mjs";

await runBuilt("server/simulation/main.js");
