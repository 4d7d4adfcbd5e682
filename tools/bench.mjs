/** `npm run bench`: the benchmarks, with their baselines in the same run; `-- data` for the lists. */
import { runBuilt } from "./built.mjs";

const [first, ...rest] = process.argv.slice(2);
if (first === "data") {
  process.argv.splice(2, process.argv.length, ...rest);
  await runBuilt("server/bench/lists/main.js");
} else await runBuilt("server/bench/main.js");
