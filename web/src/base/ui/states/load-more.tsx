import { useTranslation } from "react-i18next";
import { Button } from "../buttons/button.tsx";
import { classNames } from "../class-names.ts";
import { Problem, useErrorText } from "./states.tsx";

/** The state of a paged list's next page. */
export interface Paging {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly error: unknown;
  fetchNextPage(): Promise<unknown>;
}

interface LoadMoreProps {
  query: Paging;
  /** The label of the button, where it leads elsewhere than down. */
  name?: string;
  className?: string;
}

/** Loads the next page of a list. A failure is said with a button to try again; the rows that are there stay. */
export function LoadMore({ query, name, className }: LoadMoreProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  if (!query.hasNextPage) return null;
  const isFailed = query.isFetchNextPageError && !query.isFetchingNextPage;
  return (
    <div className={classNames("flex flex-col gap-2", className)}>
      {isFailed && (
        <Problem>
          {t("error.more")} {text(query.error)}
        </Problem>
      )}
      <Button
        className="w-full"
        isBusy={query.isFetchingNextPage}
        onPress={() => {
          if (!query.isFetchingNextPage) void query.fetchNextPage();
        }}
      >
        {isFailed ? t("action.retry") : (name ?? t("action.loadMore"))}
      </Button>
    </div>
  );
}

/** Why a list in a sheet or a part of a page is not there, and the way to ask again. */
export function LoadFailed({ query }: { query: { readonly error: unknown; refetch(): Promise<unknown> } }) {
  const { t } = useTranslation();
  const text = useErrorText();
  return (
    <div className="flex flex-col gap-2">
      <Problem>{text(query.error)}</Problem>
      <Button onPress={() => void query.refetch()}>{t("action.retry")}</Button>
    </div>
  );
}
