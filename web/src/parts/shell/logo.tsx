import { useSite } from "#base/api/site.ts";

/** The icon of the instance. */
export function SiteIcon({ size = 28 }: { size?: number }) {
  const { icon_url: url } = useSite();
  if (url === "/icon.svg") return <Mark size={size} />;
  return <img src={url} alt="" width={size} height={size} className="rounded-[25%] object-cover" />;
}

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

/** Icon and name of the instance. */
export function Logo() {
  const { name } = useSite();
  return (
    <span className="inline-flex min-w-0 items-center gap-2.5">
      <SiteIcon />
      <span className="truncate text-lg font-bold tracking-tight">
        <bdi>{name}</bdi>
      </span>
    </span>
  );
}
