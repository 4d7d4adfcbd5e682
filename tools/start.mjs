/** `npm start`: build what is stale, then serve. */
import { runBuilt } from "./built.mjs";

await runBuilt("programs/main.js", { parts: ["programs", "loader", "checkout", "pages"] });
