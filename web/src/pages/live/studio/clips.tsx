import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronDown, Pencil, Scissors } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { Live, LiveClip } from "#base/api/types.ts";
import { formatCount, formatTime } from "#base/format/format.ts";
import { Button, buttonClass } from "#base/ui/buttons/button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";

const lengths = [15, 30, 60] as const;
const readyMs = 15_000;
const coverMs = 4_000;

const clipsQuery = (liveId: number) =>
  queryOptions({
    queryKey: keyOf("live", liveId, "clips"),
    queryFn: ({ signal }) => ask("live.clips", { path: { id: liveId }, query: { page_size: 20 }, signal }),
    // Their pictures are drawn a moment later.
    refetchInterval: ({ state }) => state.data?.list.some(({ cover_url }) => cover_url === "") && coverMs,
  });

/** Makes a video of what was live a moment ago. */
export function ClipButton({ live }: { live: Live }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const attempts = useRef(new Attempt<{ seconds: number }>());
  const [seconds, setSeconds] = useState<number>(60);
  const { run: make, isBusy } = useAction(
    async () => {
      const attempt = attempts.current.of(String(seconds), () => ({ seconds }));
      const { id } = await ask("live.createClip", { path: { id: live.id }, ...attempt });
      attempts.current.finish();
      const edit = () => void navigate({ to: "/studio", search: { edit: id } });
      showToast(t("live.clip.ready"), { name: t("live.clip.edit"), run: edit }, readyMs);
      void invalidate(clipsQuery(live.id).queryKey);
    },
    { failure: "toast" },
  );
  return (
    <div className="flex gap-px max-sm:w-full">
      <p role="status" className="sr-only">
        {isBusy && t("live.clip.making")}
      </p>
      <Button look="main" className="rounded-e-none! max-sm:flex-1" isBusy={isBusy} onPress={() => void make()}>
        {!isBusy && <Scissors size={18} aria-hidden />}
        {isBusy ? t("live.clip.making") : t("live.clip", { count: seconds })}
      </Button>
      <MoreMenu
        label={t("live.clip.length")}
        className={buttonClass("main", "rounded-s-none! px-2!")}
        actions={lengths.map((length) => ({
          id: String(length),
          text: t("room.seconds", { count: length }),
          isChosen: length === seconds,
          run: () => setSeconds(length),
        }))}
      >
        <ChevronDown size={18} aria-hidden />
      </MoreMenu>
    </div>
  );
}

/** The clips of a room, the newest first; nothing before the first. */
export function Clips({ live }: { live: Live }) {
  const { t } = useTranslation();
  const { data } = useQuery(clipsQuery(live.id));
  const list = data?.list ?? [];
  if (list.length === 0) return null;
  return (
    <section aria-label={t("live.clips")}>
      <ul className="grid gap-4 lg:grid-cols-2">
        {list.map((clip) => (
          <ClipRow key={clip.id} clip={clip} />
        ))}
      </ul>
    </section>
  );
}

function ClipRow({ clip }: { clip: LiveClip }) {
  const { t, i18n } = useTranslation();
  const formatted = formatCount(clip.play_count, i18n.language);
  const views = t("count.views", { count: clip.play_count, formatted });
  return (
    <li className="flex min-w-0 items-center gap-3 rounded-2xl bg-surface p-3 max-sm:flex-wrap">
      <Cover video={clip} className="aspect-video w-23 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">
          {t("live.clip.from", { time: formatTime(Date.parse(clip.created_at), i18n.language) })}
        </p>
        <p className="truncate text-xs text-soft">
          {clip.is_draft ? t("live.clip.draft") : t("live.clip.published", { views })}
        </p>
      </div>
      <Link
        to="/studio"
        search={{ edit: clip.id }}
        className={buttonClass(clip.is_draft ? "inverse" : "plain", "max-sm:w-full")}
      >
        <Pencil size={16} aria-hidden />
        {t("live.clip.edit")}
      </Link>
    </li>
  );
}
