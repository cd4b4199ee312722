import { Link } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { FoundVideo } from "#base/api/types.ts";
import { formatDuration } from "#base/format/format.ts";
import { excerptOf, shortLine } from "./highlight.ts";
import { MarkedText } from "./marked-text.tsx";

/** The place in a video at which the words of a search were said: a link to the best one, and the number of others. */
export function Moments({ video: { id, moments, moments_total: total } }: { video: FoundVideo }) {
  const { t } = useTranslation();
  const [best] = moments;
  if (best === undefined) return null;
  const otherCount = total - 1;
  const time = formatDuration(Math.floor(best.at));
  return (
    <Link
      to="/watch/$id"
      params={{ id }}
      search={{ t: Math.floor(best.at) }}
      className="mt-1.5 flex min-h-11 max-w-full min-w-0 items-center gap-3 rounded-xl bg-surface px-3 py-1.5 text-sm hover:bg-raised sm:w-fit"
    >
      <span className="inline-flex shrink-0 items-center gap-1 font-medium text-accent-strong tabular">
        <Play size={14} aria-hidden className="fill-current" />
        <span className="sr-only">{t("search.moment")}</span>
        {time}
      </span>
      <span dir="auto" lang={best.language} className="truncate">
        “<MarkedText {...excerptOf(best.text, best.ranges, shortLine)} />”
      </span>
      {otherCount > 0 && (
        <span className="shrink-0 text-xs text-soft">{t("search.moment.others", { count: otherCount })}</span>
      )}
    </Link>
  );
}
