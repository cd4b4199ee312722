import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { historyQuery, queryClient, useMe } from "../api/queries.ts";
import { formatAgo } from "../format/format.ts";
import { useTitle } from "../shell/use-title.ts";
import { Button, IconButton, LinkButton } from "../ui/button.tsx";
import { Cover } from "../ui/cover.tsx";
import { ReelDrawing } from "../ui/illustrations.tsx";
import { LoadMore } from "../ui/load-more.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorState, State, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";

/** The viewer's history, latest first, with positions; single entries or all can be removed. */
export function HistoryPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("history.title"));
  if (me === null)
    return (
      <State drawing={<ReelDrawing />} title={t("history.title")} text={t("history.login")}>
        <LinkButton look="main" to="/login" search={{ next: "/history" }}>
          {t("nav.login")}
        </LinkButton>
      </State>
    );
  return <Watched />;
}

function Watched() {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const [isSure, setSure] = useState(false);
  const query = useInfiniteQuery(historyQuery);
  if (query.isError && query.data === undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const rows = query.data?.pages.flatMap((page) => page.list) ?? [];
  const after = (work: Promise<unknown>) =>
    work.then(
      () => queryClient.invalidateQueries({ queryKey: ["history"] }),
      (thrown: unknown) => showToast(text(thrown)),
    );
  if (query.isSuccess && rows.length === 0)
    return (
      <State drawing={<ReelDrawing />} title={t("history.empty.title")} text={t("history.empty.text")}>
        <LinkButton look="main" to="/">
          {t("missing.action")}
        </LinkButton>
      </State>
    );
  return (
    <div className="mx-auto max-w-3xl px-4 py-4 sm:px-8 sm:py-10">
      <div className="mb-5 flex items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">{t("history.title")}</h1>
        <Button look="danger" onPress={() => setSure(true)}>
          {t("history.clear")}
        </Button>
      </div>
      {query.isPending && <div aria-busy className="skeleton h-40" />}
      <ul className="flex flex-col gap-3">
        {rows.map((video) => (
          <li key={video.id} className="flex items-center gap-3">
            <Link to="/watch/$id" params={{ id: video.id }} className="flex min-w-0 flex-1 items-center gap-3">
              <span className="relative w-36 shrink-0 overflow-hidden rounded-lg">
                <Cover video={video} className="aspect-video" />
                <span className="absolute inset-x-0 bottom-0 h-1 bg-white/30">
                  <span
                    className="block h-full bg-accent"
                    style={{ width: `${video.is_finished ? 100 : (100 * video.position) / (video.duration || 1)}%` }}
                  />
                </span>
              </span>
              <span className="min-w-0">
                <span className="line-clamp-2 font-semibold">{video.title}</span>
                <span className="block truncate text-sm text-soft">
                  {video.user.nickname || video.user.username} ·{" "}
                  {formatAgo(Date.parse(video.watched_at), Date.now(), i18n.language)}
                </span>
              </span>
            </Link>
            <IconButton
              label={t("history.forget", { title: video.title })}
              onPress={() => void after(ask("interaction.forgetWatched", { path: { id: video.id } }))}
            >
              <X size={18} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      <LoadMore query={query} className="mt-4" />
      <Sheet title={t("history.clear")} isOpen={isSure} onClose={() => setSure(false)}>
        <p className="mb-4 text-soft">{t("history.clear.text")}</p>
        <Button
          look="danger"
          className="w-full"
          onPress={() => {
            setSure(false);
            void after(ask("interaction.clearHistory", {}));
          }}
        >
          {t("history.clear")}
        </Button>
      </Sheet>
    </div>
  );
}
