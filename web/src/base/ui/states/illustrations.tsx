import type { ReactNode } from "react";

/** Our own small drawings for empty and broken states. Lines take the text colour, one shape the accent. */
export function Drawing({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 160 120"
      className="h-30 w-40 text-soft"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      {children}
    </svg>
  );
}

/** A dark screen with a warm light waiting to be switched on. */
export const ScreenDrawing = () => (
  <Drawing>
    <rect x="28" y="18" width="104" height="66" rx="10" />
    <path d="M60 102h40M80 84v18" />
    <path d="M71 38v26l21-13z" className="fill-accent stroke-accent" />
    <path d="M14 34l-6-4M14 66l-6 4M146 34l6-4M146 66l6 4" opacity="0.6" />
  </Drawing>
);

/** A shelf with room on it. */
export const ShelfDrawing = () => (
  <Drawing>
    <path d="M18 94h124M30 94v10M130 94v10" />
    <rect x="34" y="42" width="18" height="52" rx="4" />
    <rect x="56" y="34" width="18" height="60" rx="4" />
    <path d="M40 54h6M62 46h6" />
    <path d="M84 92l9-46a4 4 0 0 1 5-3l10 2a4 4 0 0 1 3 5l-8 43" className="stroke-accent" />
    <path d="M122 62v16M114 70h16" opacity="0.6" />
  </Drawing>
);

/** A strip of film that ends. */
export const FilmDrawing = () => (
  <Drawing>
    <path d="M24 30h78l-8 14 8 16-8 14 8 16H24z" />
    <path d="M34 30v60M92 30" />
    <path d="M27 40h4M27 52h4M27 64h4M27 76h4" />
    <rect x="44" y="44" width="36" height="32" rx="4" />
    <path d="M122 34h14v56h-22l8-16-8-14 8-16z" className="stroke-accent" strokeDasharray="5 6" />
  </Drawing>
);

/** A plug beside its socket. */
export const PlugDrawing = () => (
  <Drawing>
    <path d="M8 72h34a10 10 0 0 0 10-10v-4" />
    <path d="M40 58h24a12 12 0 0 0 12-12V34H40z" className="fill-accent stroke-accent" />
    <path d="M48 34V20M68 34V20" />
    <rect x="96" y="34" width="46" height="46" rx="12" />
    <path d="M112 50v8M126 50v8M114 68h10" />
    <path d="M84 26l4 6M86 88l4-6" opacity="0.6" />
  </Drawing>
);

/** A reel that is waiting for its people. */
export const ReelDrawing = () => (
  <Drawing>
    <circle cx="74" cy="58" r="40" />
    <circle cx="74" cy="58" r="6" className="fill-accent stroke-accent" />
    <circle cx="74" cy="36" r="9" />
    <circle cx="74" cy="80" r="9" />
    <circle cx="52" cy="58" r="9" />
    <circle cx="96" cy="58" r="9" />
    <path d="M74 98c26 0 34 4 68 4" />
  </Drawing>
);

/** A stack of cards with a tick on the first: all of them were seen. */
export const CaughtUpDrawing = () => (
  <Drawing>
    <rect x="30" y="36" width="40" height="62" rx="8" transform="rotate(-8 50 67)" opacity="0.45" />
    <rect x="90" y="36" width="40" height="62" rx="8" transform="rotate(8 110 67)" opacity="0.45" />
    <rect x="58" y="26" width="44" height="70" rx="9" className="fill-raised" />
    <path d="M70 61l8 8 14-16" strokeWidth="4" className="stroke-accent" />
    <path d="M40 108h80" opacity="0.6" />
  </Drawing>
);
