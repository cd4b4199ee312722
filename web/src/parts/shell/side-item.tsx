import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { SitePath } from "#base/frame/frame.ts";

export const sideItemClass =
  "flex h-11 w-12 items-center justify-center gap-3.5 rounded-lg font-medium text-soft transition-colors hover:bg-raised hover:text-ink " +
  "aria-[current=page]:bg-raised aria-[current=page]:text-ink wide:h-auto wide:min-h-10 wide:w-full wide:justify-start wide:px-3 wide:aria-[current=page]:font-semibold";

interface ItemProps {
  to: SitePath;
  name: string;
  icon: ReactNode;
  /** The current page belongs to it, whatever its address. */
  isAlso?: boolean;
  exact?: boolean;
  /** Content at the end of its row. */
  end?: ReactNode;
}

/** An entry of the side bar: an icon, with its name where there is room. */
export function Item({ to, name, icon, isAlso = false, exact = false, end }: ItemProps) {
  return (
    <Link
      to={to}
      title={name}
      activeOptions={{ exact }}
      className={sideItemClass}
      {...(isAlso && { "aria-current": "page" })}
    >
      {icon}
      <span className="sr-only wide:not-sr-only wide:min-w-0 wide:text-start wide:leading-tight">{name}</span>
      {end}
    </Link>
  );
}
