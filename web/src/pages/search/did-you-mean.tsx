import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

interface DidYouMeanProps {
  /** The query in the spelling of the videos; null where it is spelt so already. */
  corrected: string | null | undefined;
  /** The index tolerates typing errors: results of both spellings are listed, where there are any. */
  hasResults: boolean;
}

/** Offers the search in another spelling, with the same tab and filters. */
export function DidYouMean({ corrected, hasResults }: DidYouMeanProps) {
  const { t } = useTranslation();
  if (corrected == null) return null;
  const place = "\n";
  const [before, after] = t("search.didYouMean", { term: place }).split(place);
  return (
    <p className="mb-2 flex flex-wrap items-center gap-x-2.5 text-base">
      <span>
        {before}
        <Link
          from="/search"
          to="/search"
          search={(current) => ({ ...current, q: corrected })}
          className="inline-flex min-h-11 max-w-full items-center font-semibold break-words underline underline-offset-4 pointer-fine:min-h-8"
        >
          <bdi className="min-w-0">{corrected}</bdi>
        </Link>
        {after}
      </span>
      {hasResults && <span className="text-xs text-soft">{t("search.didYouMean.both")}</span>}
    </p>
  );
}
