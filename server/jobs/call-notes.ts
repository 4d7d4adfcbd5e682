/**
 * Keeps what was said between us and Daraja, beside the work: a few calls in one commit, so that a
 * prompt waits for no further fsync. What decides about money is kept as evidence in the payment's
 * own commit; a crash loses the last moment's calls of here and nothing else.
 */
import type { Environment } from "../../shared/words.ts";
import type { DarajaCall, Ids, Log, StoredCall, StoryStore } from "../ports.ts";

const KEPT_EVERY_MS = 250;
/** While the database takes nothing: beyond, the oldest go. */
const WAITING_MAX = 1_000;

export interface CallNotesDeps {
  readonly story: Pick<StoryStore, "keepCalls">;
  readonly environment: Environment;
  readonly ids: Pick<Ids, "row">;
  readonly log: Log;
}

export interface CallNotes {
  /** Takes a call; never throws and never waits. */
  heard(call: DarajaCall): void;
  /** Resolves when all that was heard is kept, or could not be. */
  flush(): Promise<void>;
}

export function callNotes({ story, environment, ids, log }: CallNotesDeps): CallNotes {
  const waiting: StoredCall[] = [];
  let timer: NodeJS.Timeout | undefined;
  let keeping = Promise.resolve();

  async function keep(): Promise<void> {
    const calls = waiting.splice(0);
    if (calls.length === 0) return;
    try {
      await story.keepCalls(environment, calls);
    } catch (error) {
      log.warn("daraja_calls_not_kept", { count: calls.length, cause: String(error) });
    }
  }

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    keeping = keeping.then(keep);
    return keeping;
  };
  return {
    heard(call) {
      waiting.push({ id: ids.row("dcl"), ...call });
      if (waiting.length > WAITING_MAX) waiting.shift();
      timer ??= setTimeout(() => void flush(), KEPT_EVERY_MS);
    },
    flush,
  };
}
