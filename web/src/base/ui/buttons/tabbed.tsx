import { createLink, useLocation } from "@tanstack/react-router";
import { Children, type ComponentProps, type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { classNames } from "../class-names.ts";

/** The one look of tabs. A negative margin lays the line of the current one over the line below all of them. */
export const tabClass =
  "-mb-px inline-flex min-h-11 shrink-0 items-center border-b-2 border-transparent px-2 font-medium whitespace-nowrap text-soft hover:text-ink " +
  "aria-selected:border-ink aria-selected:font-semibold aria-selected:text-ink " +
  "aria-[current=page]:border-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink";
export const tabRowClass = "flex gap-2 overflow-x-auto border-b border-line [scrollbar-width:none] sm:gap-4";

interface TabbedProps<Name extends string> {
  label: string;
  tabs: readonly { readonly name: Name; readonly text: string }[];
  current: Name;
  onChange: (name: Name) => void;
  /** The content of the current tab. */
  children: ReactNode;
}

/** Several things in one place; the arrow keys go from tab to tab. */
export function Tabbed<Name extends string>({ label, tabs, current, onChange, children }: TabbedProps<Name>) {
  const id = useId();
  const step = ({ key, currentTarget }: KeyboardEvent) => {
    const forward = getComputedStyle(currentTarget).direction === "rtl" ? -1 : 1;
    const by = key === "ArrowRight" ? forward : key === "ArrowLeft" ? -forward : 0;
    const at = tabs.findIndex(({ name }) => name === current);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (by === 0 || next === undefined) return;
    onChange(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} className={classNames("mb-4", tabRowClass)} onKeyDown={step}>
        {tabs.map(({ name, text }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={current === name}
            aria-controls={`${id}-panel`}
            tabIndex={current === name ? 0 : -1}
            onClick={() => onChange(name)}
            className={tabClass}
          >
            {text}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`}>
        {children}
      </div>
    </>
  );
}

interface TabLinksProps {
  label: string;
  className?: string;
  /** Each a {@link TabLink}. */
  children: ReactNode;
}

/** Tabs that are pages, each with an address of its own: a navigation, through which the tab key goes. */
export function TabLinks({ label, className = "mb-4", children }: TabLinksProps) {
  const row = useRef<HTMLElement>(null);
  const count = Children.count(children);
  const { pathname, searchStr } = useLocation();
  // On a phone the row is longer than the screen.
  useEffect(() => {
    const { current } = row;
    const tab = current?.querySelector<HTMLElement>("[aria-current=page]");
    if (current == null || tab == null) return;
    const [box, around] = [tab.getBoundingClientRect(), current.getBoundingClientRect()];
    if (box.left >= around.left && box.right <= around.right) return;
    current.scrollLeft += box.left + box.width / 2 - (around.left + around.width / 2);
  }, [pathname, searchStr, count]);
  return (
    <nav ref={row} aria-label={label} className={classNames(tabRowClass, className)}>
      {children}
    </nav>
  );
}

/** A tab that is a page; the current one by its address, or by `aria-current` where one address has several tabs. */
export const TabLink = createLink((props: ComponentProps<"a">) => <a {...props} className={tabClass} />);

/** How much is new in a tab; nothing for none. */
export function TabCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className="tabular ms-2 grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent">
      {count > 99 ? "99+" : count}
    </span>
  );
}
