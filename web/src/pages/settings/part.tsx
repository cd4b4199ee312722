import type { ReactNode } from "react";

/** A group of settings on a surface of its own. */
export function Part({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="rounded-xl bg-surface p-4 sm:p-5">
      {title !== undefined && <h3 className="mb-3 text-base font-semibold">{title}</h3>}
      {children}
    </section>
  );
}
