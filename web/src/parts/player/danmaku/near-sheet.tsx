import { useQueries } from "@tanstack/react-query";
import { Trash2, UserX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { Danmaku, Video } from "#base/api/types.ts";
import { formatDuration } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { undoMs } from "#base/ui/sheets/deleting.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { ReportButton } from "#parts/report/report-button.tsx";
import { hideAuthorOf, showAuthorOf } from "./hiding.ts";
import { danmakuQuery, stretchS } from "./query.ts";
import { keepDanmaku, nearListId, removeDanmaku, useRemoved } from "./removal.ts";

/** How far around the moment what was said is listed. */
const aroundS = 20;

interface NearSheetProps {
  video: Video;
  /** The moment, in seconds. */
  atS: number;
  onClose: () => void;
}

/** The danmaku around a moment of the film, to read, report and delete them. */
export function NearSheet({ video, atS, onClose }: NearSheetProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [first, last] = [atS - aroundS, atS + aroundS].map((seconds) => Math.floor(Math.max(0, seconds) / stretchS));
  const stretches = [...new Set([first ?? 0, last ?? 0])];
  const answers = useQueries({ queries: stretches.map((stretch) => danmakuQuery(video.id, stretch)) });
  const failed = answers.find(({ isError, data }) => isError && data === undefined);
  const near = answers
    .flatMap(({ data }) => data?.list ?? [])
    .filter(({ position }) => Math.abs(position - atS) <= aroundS)
    .toSorted((a, b) => a.position - b.position);
  const isPending = answers.some((answer) => answer.isPending);
  const mayRemoveAll = video.is_mine || me?.role === "moderator" || me?.role === "admin";
  return (
    <Sheet title={t("danmaku.near.at", { time: formatDuration(atS) })} isOpen onClose={onClose}>
      {failed !== undefined && <LoadFailed query={failed} />}
      {isPending && <Skeleton className="h-24" />}
      {!isPending && failed === undefined && near.length === 0 && <p className="text-soft">{t("danmaku.near.none")}</p>}
      <ul id={nearListId} tabIndex={-1} aria-label={t("danmaku.near")} className="flex flex-col divide-y divide-line">
        {near.map((item) => (
          <Row
            key={item.id}
            item={item}
            mayRemove={item.is_mine || mayRemoveAll}
            mayHide={me != null && !item.is_mine}
          />
        ))}
      </ul>
    </Sheet>
  );
}

/** The button that takes it away takes that back, so the focus stays. */
function Row({ item, mayRemove, mayHide }: { item: Danmaku; mayRemove: boolean; mayHide: boolean }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const isRemoved = useRemoved().has(item.id);
  const press = () => {
    if (isRemoved) keepDanmaku(item.id);
    else removeDanmaku(item.id, (thrown) => showToast(text(thrown)));
  };
  return (
    <li data-danmaku={item.id} className="flex min-h-14 items-center gap-2 py-1">
      <span className="tabular w-12 shrink-0 text-sm text-soft">{formatDuration(item.position)}</span>
      <span className={`min-w-0 flex-1 text-base wrap-anywhere ${isRemoved ? "text-soft line-through" : ""}`}>
        {item.content}
      </span>
      {!item.is_mine && !isRemoved && (
        <ReportButton
          thing={{ kind: "danmaku", id: item.id }}
          isSmall
          className="inline-flex size-11 shrink-0 items-center justify-center rounded-full hover:bg-raised"
        />
      )}
      {mayHide && !isRemoved && <HideAuthor id={item.id} />}
      {mayRemove && (
        <Button
          look="ghost"
          aria-label={t(isRemoved ? "danmaku.keep" : "danmaku.remove", { text: item.content })}
          className={isRemoved ? "" : "px-3!"}
          onPress={press}
        >
          {isRemoved ? t("action.undo") : <Trash2 size={18} aria-hidden />}
        </Button>
      )}
    </li>
  );
}

/** Hides danmaku by this one's author, with an undo; the author's name is not revealed. */
function HideAuthor({ id }: { id: number }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const undo = () => void showAuthorOf(id).catch((thrown: unknown) => showToast(text(thrown)));
  const { run: hide } = useAction(
    async () => {
      await hideAuthorOf(id);
      // The row is removed, and the focus with it.
      const focusAfter = () => document.getElementById(nearListId);
      showToast(t("danmaku.authorHidden"), { name: t("action.undo"), run: undo }, undoMs, { focusAfter });
    },
    { failure: "toast" },
  );
  return (
    <IconButton label={t("danmaku.hideAuthor")} onPress={() => void hide()}>
      <UserX size={18} aria-hidden />
    </IconButton>
  );
}
