/** The floor: Express 5 reads the same JSON and answers, and does nothing else. */
import { createServer } from "node:http";
import express from "express";
import type { Endpoint, EndpointOptions } from "./endpoint.ts";
import { listen, unlisten } from "./listen.ts";
import { paidPost, paidPrompts } from "./posts.ts";
import { take } from "./take.ts";

const PATH = "/callback";

/** Starts it. It keeps nothing, so nothing of what it acknowledges can be missing. */
export async function startEmpty({ seed }: EndpointOptions): Promise<Endpoint> {
  const app = express();
  app.post(PATH, express.json(), (_req, res) => {
    res.json({ ResultCode: 0, ResultDesc: "Success" });
  });
  const server = createServer(app);
  const prompts = paidPrompts(seed);
  return {
    port: await listen(server),
    watch: null,
    prepare: async (count) => take(prompts, count).map((prompt) => paidPost(prompt, PATH)),
    missing: async () => [],
    close: () => unlisten(server),
  };
}
