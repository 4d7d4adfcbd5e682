import { expect, it } from "vitest";
import { recent } from "./recent.ts";

it("makes a value once and keeps what was used of late", () => {
  const made: string[] = [];
  const kept = recent<string>(2);
  const get = (name: string) =>
    kept.get(name, () => {
      made.push(name);
      return `value of ${name}`;
    });
  expect(get("a")).toBe("value of a");
  expect(get("b")).toBe("value of b");
  expect(get("a")).toBe("value of a");
  get("c");
  expect(made).toEqual(["a", "b", "c"]);
  get("a");
  expect(made).toEqual(["a", "b", "c"]);
  get("b");
  expect(made).toEqual(["a", "b", "c", "b"]);
});
