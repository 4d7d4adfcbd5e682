interface QrCodeProps {
  /** Rows of 0 and 1, quiet zone included. */
  readonly rows: readonly string[];
  readonly label: string;
}

/** A QR code, dark on white in either theme: cameras read it so. */
export function QrCode({ rows, label }: QrCodeProps) {
  const runs = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(
      ({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`,
    ),
  );
  return (
    <svg
      class="qr-code"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
    >
      <path d={runs.join("")} />
    </svg>
  );
}
