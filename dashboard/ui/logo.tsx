/** The mark: a coin's edge with a tick that leaves it. Decoration beside the name. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 28 28" aria-hidden="true">
      <rect class="logo-ground" width="28" height="28" rx="8" />
      <path class="logo-coin" d="M19.8 9.4a8 8 0 1 0 1.9 7" />
      <path class="logo-tick" d="m10.5 13.6 3.3 3.3 7.2-8.3" />
    </svg>
  );
}
