import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { formatDate, formatTime } from "#base/format/format.ts";
import { useCategories } from "#base/ui/fields/use-categories.ts";
import { VisibilityBadge } from "#base/ui/fields/visibility.tsx";

/** Category, when it started, whether it stays, and who may watch. */
export function RoomFacts({ live, className = "" }: { live: Live; className?: string }) {
  const { t, i18n } = useTranslation();
  const category = useCategories()?.find(({ id }) => id === live.category_id);
  const startedMs = live.started_at === null ? null : Date.parse(live.started_at);
  const facts = [
    category !== undefined && (
      <Link key="category" to="/category/$id" params={{ id: category.id }} className="hover:underline">
        {category.name}
      </Link>
    ),
    startedMs !== null && (
      <time key="started" dateTime={live.started_at ?? ""} title={formatDate(startedMs, i18n.language)}>
        {t("live.startedAt", { time: formatTime(startedMs, i18n.language) })}
      </time>
    ),
    live.visibility !== "public" && <VisibilityBadge key="visibility" visibility={live.visibility} />,
  ].filter((fact) => fact !== false);
  return (
    <p className={`flex min-h-6 flex-wrap items-center gap-x-1.5 ${className}`}>
      {facts.flatMap((fact, place) =>
        place === 0
          ? [fact]
          : [
              <span key={`dot ${fact.key}`} aria-hidden>
                ·
              </span>,
              fact,
            ],
      )}
    </p>
  );
}
