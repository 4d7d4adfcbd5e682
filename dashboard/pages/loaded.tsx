import type { ComponentChildren } from "preact";
import type { Failure } from "../client.ts";
import { say } from "../dictionary/words.ts";
import { SkeletonBlocks } from "../ui/skeleton.tsx";
import { Failed } from "./failure.tsx";

interface LoadedProps<Ready> {
  readonly of:
    | { readonly kind: "loading" }
    | { readonly kind: "failed"; readonly failure: Failure }
    | Ready;
  /** What could not be read. */
  readonly failed: string;
  readonly onRetry: () => void;
  /** What stands there meanwhile; blocks where nothing else is said. */
  readonly outline?: ComponentChildren;
  readonly children: (ready: Ready) => ComponentChildren;
}

/** What a page reads: its outline at first, then its content, or why there is none. */
export function Loaded<Ready extends { readonly kind: "ready" }>(props: LoadedProps<Ready>) {
  const { of: now, failed, onRetry, outline, children } = props;
  switch (now.kind) {
    case "loading":
      return <>{outline ?? <SkeletonBlocks label={say("app.loading")} />}</>;
    case "failed":
      return <Failed title={failed} failure={now.failure} onRetry={onRetry} />;
    case "ready":
      return <>{children(now)}</>;
  }
}
