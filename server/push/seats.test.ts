/** Seats of rooms and networks: taken once, given back, never more than there are. */
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createSeats } from "./seats.ts";

class Line extends EventEmitter {
  readonly network: string;
  readyState = "open";
  constructor(network: string) {
    super();
    this.network = network;
  }
  close(): void {
    this.readyState = "closed";
    this.emit("close");
  }
}
const seatsOf = () => createSeats((line) => (line as Line).network);

test("a network has two thousand seats over all rooms, and another has its own", () => {
  const seats = seatsOf();
  const lines = Array.from({ length: 2_000 }, () => new Line("carrier"));
  expect(lines.every((line, n) => seats.take(line, `room ${n % 100}`))).toBe(true);
  expect(seats.take(new Line("carrier"), "a room of its own")).toBe(false);
  expect(seats.take(new Line("home"), "a room of its own")).toBe(true);
  lines[0]?.close();
  expect(seats.take(new Line("carrier"), "a room of its own")).toBe(true);
  expect(seats.take(new Line("carrier"), "a room of its own")).toBe(false);
});

test("a room has fifty, whatever networks they come from", () => {
  const seats = seatsOf();
  const lines = Array.from({ length: 50 }, (_, n) => new Line(`network ${n}`));
  expect(lines.every((line) => seats.take(line, "room"))).toBe(true);
  expect(seats.take(new Line("one more"), "room")).toBe(false);
  for (const line of lines) line.close();
  expect(seats.take(new Line("one more"), "room")).toBe(true);
});

test("a connection that has closed takes none, and asking twice is seen", () => {
  const seats = seatsOf();
  const line = new Line("home");
  expect([seats.askedBefore(line), seats.askedBefore(line)]).toEqual([false, true]);
  line.close();
  expect(seats.take(line, "room")).toBe(false);
});
