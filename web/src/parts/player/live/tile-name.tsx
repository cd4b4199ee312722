import type { ReactNode } from "react";

/** The name of the user in a picture of a live room, in its lower corner. */
export function TileName({ children }: { children: ReactNode }) {
  return (
    <span className="live-tile-name pointer-events-none absolute start-2 bottom-2 max-w-[calc(100%-1rem)] truncate rounded bg-black/60 px-1.5 py-0.5 text-xs font-semibold">
      <bdi>{children}</bdi>
    </span>
  );
}
