import { CopyButton } from "./copy-button.tsx";

interface CodeBlockProps {
  readonly text: string;
  /** Names the region, for who cannot see that it is code. */
  readonly label: string;
  readonly copy: { readonly label: string; readonly word: string; readonly done: string };
}

/** Lines to take elsewhere, as they are; long ones scroll inside, by keyboard too. */
export function CodeBlock({ text, label, copy }: CodeBlockProps) {
  return (
    <div class="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="code-block-text" tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <p class="code-block-copy">
        <CopyButton text={text} {...copy} />
      </p>
    </div>
  );
}
