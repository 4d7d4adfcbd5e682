import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connectLive, listen } from "./live.ts";

const MINUTE = 60_000;
const quiet = { on: () => {}, active: true, disconnect: () => {}, connect: () => {} };
vi.mock("socket.io-client", () => ({ io: () => quiet }));

const seen = vi.spyOn(document, "visibilityState", "get");
const heard = { nudged: vi.fn(), ticked: vi.fn(), unseen: vi.fn() };
let endings: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  endings = [listen(heard), connectLive()];
});
afterEach(() => {
  for (const end of endings) end();
  vi.useRealTimers();
});

it("reads every few seconds while no socket is up, for a page that is looked at", () => {
  seen.mockReturnValue("visible");
  vi.advanceTimersByTime(MINUTE);
  expect(heard.ticked).toHaveBeenCalledTimes(12);
  expect(heard.unseen).not.toHaveBeenCalled();
});

it("rests behind another window, but for those who watch there, once a minute", () => {
  seen.mockReturnValue("hidden");
  vi.advanceTimersByTime(2 * MINUTE);
  expect(heard.ticked).not.toHaveBeenCalled();
  expect(heard.unseen).toHaveBeenCalledTimes(2);
});

it("reads at once when it is looked at again", () => {
  seen.mockReturnValue("hidden");
  vi.advanceTimersByTime(MINUTE / 2);
  seen.mockReturnValue("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(heard.ticked).toHaveBeenCalledTimes(1);
});
