import { Ellipsis } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { idle } from "../loading/idle.ts";
import { lazySheet } from "../loading/lazy-part.tsx";
import type { MenuAction } from "./menu-action.ts";

interface MoreMenuProps {
  label: string;
  actions: readonly (MenuAction | false | null)[];
  /** How its button looks; a round button with three dots when left out. */
  className?: string;
  /** The side of its button that the menu is in line with; its end when left out. */
  side?: "start" | "end";
  children?: ReactNode;
}

// Every row of a list has such a button, and few are ever pressed: the menu comes after the page, before the line is lost.
const OpenMenu = lazySheet(() => import("./open-menu.tsx"), "OpenMenu");
const idleMsMax = 5_000;
let isComing = false;
async function loadLater(): Promise<void> {
  if (isComing) return;
  isComing = true;
  await idle(idleMsMax);
  OpenMenu.preload();
}

/** Rare actions behind three dots, or a choice of one. */
export function MoreMenu({ label, actions, className, side = "end", children }: MoreMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => void loadLater(), []);
  const items = actions.filter((action) => action !== false && action !== null);
  if (items.length === 0) return null;
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        className={
          className ??
          "inline-flex size-11 shrink-0 items-center justify-center rounded-full text-soft hover:bg-raised hover:text-ink pointer-fine:size-9"
        }
        onPointerEnter={OpenMenu.preload}
        onFocus={OpenMenu.preload}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children ?? <Ellipsis size={18} aria-hidden />}
      </button>
      {isOpen && <OpenMenu button={button} label={label} items={items} side={side} onClose={() => setOpen(false)} />}
    </>
  );
}
