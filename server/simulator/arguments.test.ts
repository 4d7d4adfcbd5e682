import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";
import { startSimulator } from "./start.ts";

test("without arguments it listens on loopback at real speed", () => {
  expect(parseArguments([], {})).toMatchObject({
    kind: "start",
    host: "127.0.0.1",
    port: 4200,
    speed: 1,
    queryRatePerMinute: 0,
  });
});

test("SIMULATOR_SPEED is the speed unless --speed says otherwise", () => {
  const env = { SIMULATOR_SPEED: "10" };
  expect(parseArguments([], env)).toMatchObject({ speed: 10 });
  expect(parseArguments(["--speed", "2.5"], env)).toMatchObject({ speed: 2.5 });
});

test.each([
  [["--port", "http"], "--port"],
  [["--port", "70000"], "--port"],
  [["--speed", "0"], "--speed"],
  [["--speed", "fast"], "--speed"],
  [["--query-rate", "-1"], "--query-rate"],
  [["--colour", "red"], "--colour"],
  [["4200"], "4200"],
])("%j is refused by its name", (args, named) => {
  const parsed = parseArguments(args, {});
  expect(parsed).toMatchObject({ kind: "wrong", message: expect.stringContaining(named) });
});

test("a taken port is an error, not silence", async () => {
  const first = await startSimulator({ port: 0 });
  const port = Number(new URL(first.address).port);
  await expect(startSimulator({ port })).rejects.toThrow(/EADDRINUSE/);
  await first.close();
});

test("an unbuilt handset page says which command builds it", async () => {
  const running = await startSimulator({ port: 0, pages: "/nowhere" });
  const page = await fetch(`${running.address}/handset`);
  expect(page.status).toBe(503);
  expect(await page.text()).toContain("npm run build");
  await running.close();
});
