/**
 * What every test begins with: a world (one for each worker), an ear on the browser's console, and
 * axe. A test fails when a page wrote an error that the test did not announce.
 */
import { type BrowserContext, test as base, expect, type Frame, type Page } from "@playwright/test";
import axe from "axe-core";
import { openWorld, type World, type WorldOptions } from "./world.ts";

/** The dashboard asks the server who sits here; "nobody" is an answer that browsers call an error. */
const ALWAYS_EXPECTED = [/status of 401 \(Unauthorized\) \S+\/dashboard\/api\/session$/];

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export interface Ear {
  /** Listens to another context; the test's own is listened to already. */
  listen(context: BrowserContext): void;
  /** Announces an error that belongs to the test. */
  expectError(pattern: RegExp): void;
}

/** Opens a world that no other test shares; it ends after the ear has judged. */
export type OwnWorld = (options?: WorldOptions) => Promise<World>;

interface TestFixtures {
  readonly ear: Ear;
  readonly ownWorld: OwnWorld;
}

export const test = base.extend<TestFixtures, { world: World }>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names here
    async ({}, use) => {
      await using world = await openWorld();
      await use(world);
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names here
  ownWorld: async ({}, use) => {
    const opened: World[] = [];
    await use(async (options) => {
      const world = await openWorld(options);
      opened.push(world);
      return world;
    });
    // All of them end, also when one has something to complain of.
    const ends = await Promise.allSettled(opened.map((world) => world[Symbol.asyncDispose]()));
    const faults = ends.flatMap((end) => (end.status === "rejected" ? [String(end.reason)] : []));
    expect(faults, "how the worlds ended").toEqual([]);
  },
  ear: [
    // Named here so that no world ends before the ear has judged: a page whose server goes away complains.
    async ({ context, ownWorld: _outlives }, use) => {
      const errors: string[] = [];
      const expected = [...ALWAYS_EXPECTED];
      const listen = (to: BrowserContext) => {
        to.on("console", (message) => {
          if (message.type() === "error")
            errors.push(`${message.text()} ${message.location().url}`);
        });
        to.on("weberror", (fault) => errors.push(String(fault.error().stack)));
      };
      listen(context);
      await use({ listen, expectError: (pattern) => expected.push(pattern) });
      const unexpected = errors.filter((text) => !expected.some((pattern) => pattern.test(text)));
      expect(unexpected, "errors on the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Asserts that a page, with every frame in it, breaks no rule of WCAG 2.2 AA that axe can check. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    if (frame.url().startsWith("http")) await expectFrameAccessible(frame);
  }
}

async function expectFrameAccessible(frame: Frame): Promise<void> {
  await frame.evaluate(settled);
  await frame.evaluate(axe.source);
  const found = await frame.evaluate(async (tags) => {
    const results = await window.axe.run(document, {
      iframes: false,
      resultTypes: ["violations"],
      runOnly: tags,
    });
    return results.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
  }, WCAG);
  expect(found, `accessibility of ${new URL(frame.url()).pathname.slice(0, 12)}`).toEqual([]);
}

/** Colours in the middle of a fade are nobody's choice; what turns for ever is not waited for. */
async function settled(): Promise<void> {
  const passing = document
    .getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
  await Promise.allSettled(passing.map(({ finished }) => finished));
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

/** Asserts that nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    const [content, room] = await frame.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    expect(content, "width of the content").toBeLessThanOrEqual(room);
  }
}
