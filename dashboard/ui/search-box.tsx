import type { RefObject } from "preact";
import { Icon } from "./icon.tsx";

interface SearchBoxProps {
  readonly label: string;
  readonly hint: string;
  readonly clear: string;
  /** The key that brings one here, or null. */
  readonly shortcut: string | null;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly input: RefObject<HTMLInputElement | null>;
}

/** One box for every search of a room. */
export function SearchBox(props: SearchBoxProps) {
  const { label, hint, value, onInput, input, shortcut } = props;
  return (
    <search class="search">
      <Icon name="lens" />
      <input
        ref={input}
        class="input search-input"
        type="text"
        enterKeyHint="search"
        aria-label={label}
        aria-keyshortcuts={shortcut ?? undefined}
        placeholder={hint}
        maxLength={64}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {value === "" ? (
        shortcut && <kbd class="search-key">{shortcut}</kbd>
      ) : (
        <button
          type="button"
          class="search-clear"
          aria-label={props.clear}
          onClick={() => {
            onInput("");
            input.current?.focus();
          }}
        >
          <Icon name="cross" size={14} />
        </button>
      )}
    </search>
  );
}
