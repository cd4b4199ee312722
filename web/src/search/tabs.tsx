import { Link } from "@tanstack/react-router";
import { classNames } from "../ui/class-names.ts";

interface Tab {
  name: string;
  search: { q: string; tab?: "videos" | "people" | "tags"; sort?: "new" | "hot" };
  isCurrent: boolean;
}

/** Ways to look at what was found, each with an address of its own. */
export function Tabs({ label, tabs, isQuiet = false }: { label: string; tabs: readonly Tab[]; isQuiet?: boolean }) {
  return (
    <nav
      aria-label={label}
      className={classNames("mb-4 flex gap-1 overflow-x-auto", !isQuiet && "border-b border-line")}
    >
      {tabs.map(({ name, search, isCurrent }) => (
        <Link
          key={name}
          to="/search"
          search={search}
          replace
          aria-current={isCurrent ? "page" : undefined}
          className={tabClass(isCurrent, isQuiet)}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}

export const tabClass = (isCurrent: boolean, isQuiet: boolean): string =>
  classNames(
    "inline-flex min-h-11 items-center px-3 text-sm font-medium whitespace-nowrap",
    isQuiet ? "rounded-full" : "border-b-2",
    isQuiet && (isCurrent ? "bg-raised text-ink" : "text-soft hover:text-ink"),
    !isQuiet && (isCurrent ? "border-ink text-ink" : "border-transparent text-soft hover:text-ink"),
  );
