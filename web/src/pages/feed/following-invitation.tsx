import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { feedQuery } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { PersonChip } from "./person-chip.tsx";

const coversMax = 3;
const peopleMax = 8;

/** To visitors: what the page would give them, with what is popular here, and the way to an account. */
export function FollowingInvitation() {
  const { t } = useTranslation();
  const hot = useInfiniteQuery(feedQuery("hot"));
  const videos = hot.data?.pages[0]?.list ?? [];
  const people = [...new Map(videos.map(({ user }) => [user.id, user])).values()].slice(0, peopleMax);
  return (
    <div className="flex size-full flex-col overflow-y-auto px-4 pt-18 pb-4">
      <div className="mx-auto my-auto flex w-full max-w-90 flex-col items-center gap-6 text-center">
        <Covers videos={videos} />
        <div className="flex flex-col gap-2">
          <h2 className="text-[22px] leading-7 font-bold">{t("feed.invitation.title")}</h2>
          <p className="text-soft">{t("feed.invitation.text")}</p>
        </div>
        <div className="flex w-full flex-col gap-2">
          <LinkButton look="main" to="/signup" search={{ next: "/following" }}>
            {t("nav.signup")}
          </LinkButton>
          <LinkButton to="/login" search={{ next: "/following" }}>
            {t("nav.login")}
          </LinkButton>
        </div>
      </div>
      {people.length > 0 && (
        <section aria-label={t("feed.invitation.popular")} className="mx-auto mt-6 w-full max-w-180">
          <h3 className="mb-2 text-sm font-medium">{t("feed.invitation.popular")}</h3>
          <ul className="flex gap-2 overflow-x-auto pb-1">
            {people.map((user) => (
              <li key={user.id} className="shrink-0">
                <PersonChip user={user} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Three covers like cards in a hand; nothing where there are too few. */
function Covers({ videos }: { videos: readonly Video[] }) {
  const covers = videos.flatMap(({ cover_url: url }) => (url === "" ? [] : [url])).slice(0, coversMax);
  const [middle, before, after] = covers;
  if (middle === undefined || before === undefined || after === undefined) return null;
  const shape = "absolute h-44 w-28 rounded-xl object-cover shadow-2xl";
  return (
    <div aria-hidden className="relative grid h-48 w-72 place-items-center">
      <img src={before} alt="" className={`${shape} -translate-x-20 -rotate-8 opacity-60`} />
      <img src={after} alt="" className={`${shape} translate-x-20 rotate-8 opacity-60`} />
      <img src={middle} alt="" className={shape} />
    </div>
  );
}
