/** `npm run --silent lipia -- COMMAND`: operations from a terminal; nothing but the answer on standard output. */
import { runBuilt } from "./built.mjs";

await runBuilt("programs/cli.js", { parts: ["programs"] });
