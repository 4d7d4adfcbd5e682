interface SkeletonProps {
  readonly rows: number;
  /** Said to screen readers, which see no shapes. */
  readonly label: string;
}

/** Grey shapes where rows will be, so that nothing jumps when they come. */
export function SkeletonRows({ rows, label }: SkeletonProps) {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="skeleton-row" aria-hidden="true">
          {["time", "amount", "status", "order", "rest"].map((part) => (
            <span key={part} class={`bone bone-${part}`} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** Grey blocks where a page's parts will be. */
export function SkeletonBlocks({ label }: { readonly label: string }) {
  return (
    <div class="skeleton-blocks" role="status" aria-label={label}>
      <span class="bone bone-title" />
      <span class="bone bone-line" />
      <span class="bone bone-block" />
      <span class="bone bone-block" />
    </div>
  );
}
