/** `npm start`: build what is stale, then serve. */
import { runBuilt } from "./built.mjs";

await runBuilt("main.js");
