import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { FollowerRequest } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { OwnPage } from "#base/ui/states/own-page.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { State } from "#base/ui/states/states.tsx";
import { PersonLink } from "#parts/profile/person-link.tsx";

const requestsQuery = infiniteQueryOptions({
  queryKey: keyOf("follow-requests"),
  queryFn: ({ pageParam, signal }) => ask("relation.followRequests", { query: { cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});

/** Users who ask to follow the viewer. */
export function FollowRequestsPage() {
  const { t } = useTranslation();
  useTitle(t("requests.title"));
  return (
    <OwnPage title={t("requests.title")} next="/follow-requests" why={t("requests.none.text")}>
      {() => <Requests />}
    </OwnPage>
  );
}

function Requests() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(requestsQuery);
  const { run, input } = useAction(
    (userId: number, accept: boolean) =>
      ask("relation.answerFollowRequest", { path: { user_id: userId }, body: { accept } }),
    { failure: "toast", changes: [keyOf("follow-requests"), keyOf("people")] },
  );
  if (query.data === undefined)
    return query.isError ? <LoadFailed query={query} /> : <Skeleton className="h-24 rounded-xl!" />;
  const rows = query.data.pages.flatMap(({ list }) => list);
  return (
    <div className="max-w-3xl">
      {rows.length === 0 && (
        <State isPart drawing={<ShelfDrawing />} title={t("requests.none")} text={t("requests.none.text")} />
      )}
      <ul className="flex flex-col divide-y divide-line">
        {rows.map((request) => (
          <RequestRow
            key={request.user.id}
            request={request}
            isBusy={input?.[0] === request.user.id}
            onAnswer={(accept) => void run(request.user.id, accept)}
          />
        ))}
      </ul>
      <LoadMore query={query} />
    </div>
  );
}

interface RequestRowProps {
  request: FollowerRequest;
  isBusy: boolean;
  onAnswer: (accept: boolean) => void;
}

function RequestRow({ request: { user, created_at: createdAt }, isBusy, onAnswer }: RequestRowProps) {
  const { t, i18n } = useTranslation();
  const name = user.nickname || user.username;
  const ago = formatAgo(Date.parse(createdAt), Date.now(), i18n.language);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <PersonLink user={user} text={`@${user.username} · ${ago}`} />
      <div className="flex gap-2 max-sm:w-full">
        <Button
          look="main"
          className="max-sm:flex-1"
          isBusy={isBusy}
          aria-label={t("requests.acceptOf", { name })}
          onPress={() => onAnswer(true)}
        >
          {t("requests.accept")}
        </Button>
        <Button className="max-sm:flex-1" aria-label={t("requests.refuseOf", { name })} onPress={() => onAnswer(false)}>
          {t("requests.refuse")}
        </Button>
      </div>
    </li>
  );
}
