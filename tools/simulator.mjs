/** `npm run simulator -- --port P`: the Daraja simulator alone, for any other Daraja client. */
import { runBuilt } from "./built.mjs";

await runBuilt("server/simulator/alone.js");
