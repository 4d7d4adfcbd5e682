/** `npm run bench`: the benchmarks, with their baselines in the same run. */
import { runBuilt } from "./built.mjs";

await runBuilt("server/bench/main.js");
