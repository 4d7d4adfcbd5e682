import { say, sayCount } from "../../dictionary/words.ts";
import { shortcuts } from "../../preferences.ts";
import { Button } from "../../ui/button.tsx";
import type { ListState } from "./list-state.ts";
import { loadingMore, loadMore } from "./list-store.ts";

/** How much is shown, the way to more, and the keys. */
export function ListFoot({ list }: { readonly list: ListState }) {
  const state = loadingMore.value;
  return (
    <div class="list-foot">
      <p class="soft">
        {sayCount("list.shown", list.rows.length)}
        {!list.hasMore && ` · ${say("list.end")}`}
      </p>
      {list.hasMore && (
        <Button state={state === "yes" ? "busy" : "ready"} onClick={() => void loadMore()}>
          {state === "yes" ? say("list.loadingMore") : say("list.more")}
        </Button>
      )}
      {state === "failed" && (
        <p class="field-error" role="alert">
          {say("problem.offline")}
        </p>
      )}
      {shortcuts.value === "on" && <Keys />}
    </div>
  );
}

function Keys() {
  return (
    <p class="list-keys soft">
      {say("list.keys")} <kbd>/</kbd> {say("list.keys.search")} <kbd>f</kbd>{" "}
      {say("list.keys.filter")} <kbd>j</kbd> <kbd>k</kbd> {say("list.keys.move")} <kbd>Enter</kbd>{" "}
      {say("list.keys.open")} <kbd>Esc</kbd> {say("list.keys.back")}
    </p>
  );
}
