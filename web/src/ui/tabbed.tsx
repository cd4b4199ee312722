import { type KeyboardEvent, type ReactNode, useId } from "react";

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
  const step = ({ key }: KeyboardEvent) => {
    const by = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    const at = tabs.findIndex(({ name }) => name === current);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (by === 0 || next === undefined) return;
    onChange(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  return (
    <>
      <div
        role="tablist"
        aria-label={label}
        className="mb-4 flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none] sm:gap-2"
        onKeyDown={step}
      >
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
            className={`-mb-px min-h-11 border-b-2 px-3 whitespace-nowrap first:ms-0 sm:px-2 ${current === name ? "border-ink font-semibold" : "border-transparent font-medium text-soft hover:text-ink"}`}
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
