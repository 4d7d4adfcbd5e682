/** One post to the server's doors: what it says, where to, and how it is brought. */
import type { AttemptId } from "../core/payment.ts";
import type { World } from "./world.ts";

/** Hands a post to whichever process listens; null when the connection failed or broke. */
export type PostDoor = (
  path: string,
  body: string,
  answered: (status: number) => void,
) => "sent" | "down";

export interface Letter {
  readonly path: string;
  readonly body: string;
  /** The attempt whose own address the path is; null for unproven posts. */
  readonly own: AttemptId | null;
  readonly words: string;
  /** A true success of `own`: once acknowledged it may never be forgotten. */
  readonly truth: "success" | "other";
  /** Asked at the door; a letter that would fit by then is not brought. */
  readonly misfits?: (() => boolean) | undefined;
}

export function send(world: World, door: PostDoor, afterMs: number, letter: Letter): void {
  const { time, trace, testimony } = world;
  world.underWay += 1;
  time.at(time.now() + afterMs, () => {
    world.underWay -= 1;
    if (letter.misfits?.() === false) return;
    if (letter.own !== null && letter.words.startsWith("failure")) {
      testimony.of(letter.own).failureCallbacks += 1;
    }
    const went = door(letter.path, letter.body, (status) => {
      trace.say(`posted ${letter.words} → ${status}`);
      if (status === 200 && letter.own !== null) {
        world.watch.acknowledged(letter.own, letter.body);
        if (letter.truth === "success") testimony.of(letter.own).successHeard = true;
      }
    });
    trace.say(`post ${letter.words}${went === "down" ? ": nobody listens" : ""}`);
  });
}
