import { Check } from "lucide-react";
import type { RefObject } from "react";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { classNames } from "../class-names.ts";
import type { MenuAction } from "./menu-action.ts";

interface OpenMenuProps {
  /** The button that opened it, which gets the focus back. */
  button: RefObject<HTMLButtonElement | null>;
  label: string;
  items: readonly MenuAction[];
  side: "start" | "end";
  onClose: () => void;
}

/** The menu of a `MoreMenu`, from when it is opened. */
export const OpenMenu = ({ button, label, items, side, onClose }: OpenMenuProps) => (
  <Popover
    triggerRef={button}
    isOpen
    onOpenChange={(isOpen) => isOpen || onClose()}
    placement={`bottom ${side}`}
    className="z-50 rounded-xl border border-line bg-surface text-ink shadow-2xl"
  >
    <Menu
      autoFocus="first"
      {...(items.some(({ isChosen }) => isChosen !== undefined) && {
        selectionMode: "single" as const,
        disallowEmptySelection: true,
        selectedKeys: items.filter(({ isChosen }) => isChosen).map(({ id }) => id),
      })}
      aria-label={label}
      className="max-h-[70dvh] min-w-44 overflow-y-auto p-1.5 outline-none"
      onClose={onClose}
      onAction={(id) => {
        onClose();
        // The menu has given the focus back by then: what an action shows may take it.
        setTimeout(() => items.find((item) => item.id === id)?.run());
      }}
    >
      {items.map(({ id, text, icon, isDanger = false, isChosen }) => (
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
          {isChosen !== undefined && (
            <Check size={18} aria-hidden className={classNames("ms-auto shrink-0", !isChosen && "invisible")} />
          )}
        </MenuItem>
      ))}
    </Menu>
  </Popover>
);
