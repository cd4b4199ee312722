import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronUp } from "lucide-react";
import { type ReactNode, type RefObject, useId } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { commentsQuery } from "./comment-queries.ts";
import { useRemoved } from "./removal.ts";

interface CommentsCardProps {
  video: Video;
  button: RefObject<HTMLButtonElement | null>;
  isOpen: boolean;
  onOpen: () => void;
}

const cardClass = "mx-4 mt-3 flex items-center gap-3 rounded-xl bg-surface px-3 py-2.5 text-start";

/** Under a phone's video: how many comments there are and the first of them. A press opens them all. */
export function CommentsCard({ video, button, isOpen, onOpen }: CommentsCardProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const me = useMe();
  const removed = useRemoved(video.id);
  const { data, isPending } = useInfiniteQuery(commentsQuery(video.id, "hot"));
  const comments = data?.pages.flatMap(({ list }) => list) ?? [];
  const first = comments.find((comment) => !removed.hidden.has(comment.id));
  const count = Math.max(0, video.comment_count - removed.count);
  if (isPending) return <CardSkeleton />;
  if (!video.allow_comment && first === undefined && count === 0)
    return <p className={`${cardClass} min-h-16 text-soft`}>{t("comments.off")}</p>;
  const face = first?.user ?? me;
  return (
    <div className={`${cardClass} relative min-h-16`}>
      {face != null && <Avatar user={face} size="comment" />}
      <div id={id} className="min-w-0 flex-1">
        <p className="text-xs font-semibold text-soft">
          {t("comments.heading")} {count > 0 && <span className="tabular">{formatCount(count, i18n.language)}</span>}
        </p>
        <FirstLines isOff={!video.allow_comment && first === undefined}>
          {first === undefined ? undefined : <bdi>{first.content}</bdi>}
        </FirstLines>
      </div>
      <ChevronUp size={18} aria-hidden className="shrink-0 text-soft" />
      {/* Over the card instead of around it: its name is short, and what it covers describes it. */}
      <BareButton
        ref={button}
        aria-label={t("comments.heading")}
        aria-describedby={id}
        aria-expanded={isOpen}
        onPress={onOpen}
        className="absolute inset-0 rounded-xl transition-colors hover:bg-ink/5 active:bg-ink/10"
      />
    </div>
  );
}

/** The first comment in two lines, or why there is none. */
function FirstLines({ isOff, children }: { isOff: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  if (children !== undefined) return <p className="line-clamp-2 text-sm wrap-anywhere">{children}</p>;
  return <p className="line-clamp-2 text-sm text-soft">{isOff ? t("comments.off") : t("comments.empty")}</p>;
}

function CardSkeleton() {
  return (
    <div aria-busy className={`${cardClass} min-h-16`}>
      <Skeleton className="size-9 rounded-full!" />
      <div className="flex flex-1 flex-col gap-2">
        <Skeleton className="h-3 w-24" />
        <Skeleton className="h-4 w-4/5" />
      </div>
    </div>
  );
}
