import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { LiveCard } from "./live-card.tsx";

/** The rooms that are live now, in one line of Explore. */
export function LiveRow({ lives }: { lives: readonly Live[] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="live-now">
      <div className="mb-1.5 flex items-center justify-between">
        <h2 id="live-now" className="text-base font-semibold">
          {t("live.now")}
        </h2>
        <Link to="/live" className="-my-2 inline-flex min-h-11 items-center font-medium text-soft hover:text-ink">
          {t("live.all")}
        </Link>
      </div>
      <ul className="-mx-4 flex gap-3 overflow-x-auto px-4 py-1 [scrollbar-width:none] sm:-mx-1 sm:gap-4 sm:px-1">
        {lives.map((live) => (
          <li key={live.id} className="w-64 shrink-0">
            <LiveCard live={live} />
          </li>
        ))}
      </ul>
    </section>
  );
}
