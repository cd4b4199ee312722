import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export const cardClass = "min-w-0 rounded-xl border border-line bg-surface p-4";

interface CardProps {
  id?: string;
  title: string;
  /** Stands at the end of the title's row. */
  end?: string | undefined;
  children: ReactNode;
}

/** A part of the overview. */
export function Card({ id, title, end, children }: CardProps) {
  return (
    <section id={id} className={`${cardClass} flex scroll-mt-20 flex-col gap-3`}>
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="text-base font-semibold">{title}</h2>
        {end !== undefined && <span className="text-end text-sm text-soft">{end}</span>}
      </div>
      {children}
    </section>
  );
}

/** Stands where the service of a part did not answer. */
export function Away() {
  const { t } = useTranslation();
  return <p className="text-sm text-soft">{t("overview.away")}</p>;
}
