import type { ReactNode } from "react";

interface ControlBarProps {
  isShown: boolean;
  /** The seek bar, where there is something to seek in. */
  seekBar: ReactNode;
  /** In the reading direction of the player: a film's time runs to the right in every script. */
  dir?: "ltr";
  children: ReactNode;
}

/** The bar over the lower edge of a player: its seek bar, and a row of controls under it. */
export function ControlBar({ isShown, seekBar, dir, children }: ControlBarProps) {
  return (
    <div
      dir={dir}
      className={`pointer-events-none absolute inset-x-0 bottom-0 flex flex-col bg-linear-to-t from-black/85 via-black/45 to-transparent px-2 pt-10 pb-1 transition-opacity duration-200 focus-within:opacity-100 sm:px-3 sm:pb-2 ${isShown ? "*:pointer-events-auto" : "opacity-0"}`}
    >
      {seekBar}
      <div className="flex items-center">{children}</div>
    </div>
  );
}
