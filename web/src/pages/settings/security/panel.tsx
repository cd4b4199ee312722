import type { ReactNode } from "react";
import { Skeleton } from "#base/ui/states/skeleton.tsx";

interface PanelProps {
  title: string;
  /** Beside the title: the action on the whole list, or a remark. */
  end?: ReactNode;
  children: ReactNode;
}

/** A titled list of the security page. */
export function Panel({ title, end, children }: PanelProps) {
  return (
    <section className="flex flex-col gap-1">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 pointer-fine:min-h-9">
        <h3 className="text-sm font-semibold whitespace-nowrap">{title}</h3>
        {end && <div className="ms-auto flex min-w-0">{end}</div>}
      </div>
      <div className="overflow-hidden rounded-xl border border-line bg-surface">{children}</div>
    </section>
  );
}

interface RowProps {
  icon?: ReactNode;
  title: ReactNode;
  text: ReactNode;
  end?: ReactNode;
}

/** The content of a row: an icon, a name over a line about it, and what can be done with it. */
export function Row({ icon, title, text, end }: RowProps) {
  return (
    <div className="flex min-h-14 items-center gap-3.5 px-4 py-2 max-[22rem]:gap-2.5 max-[22rem]:px-3">
      <span className="shrink-0 text-soft">{icon}</span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 text-sm font-medium">{title}</div>
        <div className="text-xs text-pretty text-soft">{text}</div>
      </div>
      {end}
    </div>
  );
}

/** The rows of a list that is loading. */
export function RowsSkeleton({ rows }: { rows: number }) {
  return (
    <div className="flex flex-col divide-y divide-line" aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex min-h-14 flex-col justify-center gap-1.5 px-4">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="h-3 w-3/5" />
        </div>
      ))}
    </div>
  );
}

/** A word about a row that stands out. */
export function Badge({ tone, children }: { tone: "good" | "warn"; children: ReactNode }) {
  const colours = tone === "good" ? "bg-good/12 text-good" : "bg-warn/15 text-warn";
  return (
    <span className={`shrink-0 rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap ${colours}`}>
      {children}
    </span>
  );
}

/** The parts of a line about a row, in one text. */
export const joinFacts = (...facts: readonly (string | false)[]): string =>
  facts.filter((fact) => fact !== false && fact !== "").join(" · ");
