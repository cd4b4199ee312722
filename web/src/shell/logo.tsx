/** The mark: pages of a flip book that read as a play sign. The same drawing as `public/icon.svg`, without its tile. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden>
      <rect width="64" height="64" rx="16" fill="#ee5f45" />
      <g fill="#fff">
        <rect x="15" y="13" width="8" height="38" rx="4" />
        <rect x="28" y="19.5" width="8" height="25" rx="4" opacity="0.92" />
        <rect x="41" y="26" width="8" height="12" rx="4" opacity="0.84" />
      </g>
    </svg>
  );
}

/** Mark and name. */
export function Logo() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Mark />
      <span className="text-xl font-bold tracking-tight">Kinora</span>
    </span>
  );
}
