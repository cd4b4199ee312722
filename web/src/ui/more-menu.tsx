import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { classNames } from "./class-names.ts";

export interface MenuAction {
  readonly id: string;
  readonly text: string;
  readonly icon?: ReactNode;
  readonly isDanger?: boolean;
  readonly run: () => void;
}

interface MoreMenuProps {
  label: string;
  actions: readonly (MenuAction | false | null)[];
  /** How its button looks; a round button with three dots when left out. */
  className?: string;
  children?: ReactNode;
}

/** What is rarely done, behind three dots. */
export function MoreMenu({ label, actions, className, children }: MoreMenuProps) {
  const items = actions.filter((action) => action !== false && action !== null);
  if (items.length === 0) return null;
  return (
    <MenuTrigger>
      <Button
        aria-label={label}
        className={
          className ??
          "inline-flex size-11 shrink-0 items-center justify-center rounded-full text-soft hover:bg-raised hover:text-ink pointer-fine:size-9"
        }
      >
        {children ?? <Ellipsis size={18} aria-hidden />}
      </Button>
      <Popover placement="bottom end" className="z-50 rounded-xl border border-line bg-surface text-ink shadow-2xl">
        <Menu
          aria-label={label}
          className="max-h-[70dvh] min-w-44 overflow-y-auto p-1.5 outline-none"
          // The menu has given the focus back by then: what an action shows may take it.
          onAction={(id) => setTimeout(() => items.find((item) => item.id === id)?.run())}
        >
          {items.map(({ id, text, icon, isDanger = false }) => (
            <MenuItem
              key={id}
              id={id}
              className={classNames(
                "flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 font-medium whitespace-nowrap outline-none data-[focused]:bg-raised pointer-fine:min-h-10",
                isDanger && "text-bad",
              )}
            >
              {icon}
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
