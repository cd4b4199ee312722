import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Heart, Pin, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { queryClient, useMe } from "../api/queries.ts";
import type { Comment, Video } from "../api/types.ts";
import { formatAgo, formatCount, formatDate } from "../format/format.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { ReportButton } from "../moderation/report-button.tsx";
import { undoMs } from "../ui/deleting.ts";
import { LoadMore } from "../ui/load-more.tsx";
import { StaffBadge } from "../ui/staff-badge.tsx";
import { useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { useOfferLogin } from "../ui/use-offer-login.ts";
import { TimedText } from "../watch/timed-text.tsx";
import { CommentForm } from "./comment-form.tsx";
import { patchComment, repliesQuery } from "./comment-queries.ts";
import { removeLater, useRemoved } from "./removal.ts";

interface CommentRowProps {
  comment: Comment;
  /** The top of its thread; itself where it is that. */
  root: Comment;
  video: Video;
  onSeek: (seconds: number) => void;
}

/** The one that was just taken back: where its row appears again, it has the focus. */
let takenBack = 0;

/** One comment with what can be done with it, and the thread under it where it is at the top. */
export function CommentRow({ comment, root, video, onSeek }: CommentRowProps) {
  const { t, i18n } = useTranslation();
  const [isAnswering, setAnswering] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const isTop = comment.id === root.id;
  const replyCount = comment.reply_count - useRemoved(video.id).repliesTo(comment.id);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (takenBack !== comment.id) return;
    takenBack = 0;
    row.current?.focus();
  }, [comment.id]);
  const createdMs = Date.parse(comment.created_at);
  const name = comment.user.nickname || comment.user.username;
  return (
    <li ref={row} tabIndex={-1} className="flex gap-3 py-3">
      <Link to="/@{$username}" params={{ username: comment.user.username }} aria-hidden tabIndex={-1}>
        <Avatar user={comment.user} size={isTop ? "medium" : "small"} />
      </Link>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 text-sm">
          <Link
            to="/@{$username}"
            params={{ username: comment.user.username }}
            className="font-semibold hover:underline"
          >
            {name}
          </Link>
          <StaffBadge role={comment.user.role} />
          {comment.is_by_owner && (
            <span className="rounded bg-raised px-1.5 text-xs font-medium">{t("comments.byOwner")}</span>
          )}
          {comment.is_pinned && (
            <span className="inline-flex items-center gap-1 text-xs text-soft">
              <Pin size={12} aria-hidden />
              {t("comments.pinned")}
            </span>
          )}
          <time className="text-soft" dateTime={comment.created_at} title={formatDate(createdMs, i18n.language)}>
            {formatAgo(createdMs, Date.now(), i18n.language)}
          </time>
        </p>
        <p className="mt-0.5 text-base wrap-anywhere whitespace-pre-line">
          <TimedText text={comment.content} durationS={video.duration} onSeek={onSeek} />
        </p>
        {comment.is_held && <p className="mt-1 text-sm text-warn">{t("comments.held")}</p>}
        <Actions comment={comment} root={root} video={video} onAnswer={() => setAnswering(true)} />
        {isAnswering && (
          <div className="mt-2">
            <CommentForm
              video={video}
              to={{ parent: comment, root }}
              onDone={() => {
                setAnswering(false);
                setOpen(true);
                void queryClient.invalidateQueries({ queryKey: ["replies", root.id] });
              }}
            />
          </div>
        )}
        {isTop && replyCount > 0 && (
          <Button look="ghost" className="-ms-4 text-link!" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
            {isOpen ? t("comments.hideReplies") : t("comments.replies", { count: replyCount })}
          </Button>
        )}
        {isTop && isOpen && <Replies root={comment} video={video} onSeek={onSeek} />}
      </div>
    </li>
  );
}

function Replies({ root, video, onSeek }: { root: Comment; video: Video; onSeek: (seconds: number) => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useInfiniteQuery(repliesQuery(root.id));
  const { hidden } = useRemoved(video.id);
  const all = query.data?.pages.flatMap((page) => page.list) ?? [];
  const rows = all.filter(({ id }) => !hidden.has(id));
  return (
    <>
      {query.isError && query.data === undefined && (
        <Button onPress={() => void query.refetch()}>
          {text(query.error)} · {t("action.retry")}
        </Button>
      )}
      {query.isPending && <div className="skeleton h-12" />}
      <ul>
        {rows.map((reply) => (
          <CommentRow key={reply.id} comment={reply} root={root} video={video} onSeek={onSeek} />
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}

interface ActionsProps {
  comment: Comment;
  root: Comment;
  video: Video;
  onAnswer: () => void;
}

function Actions({ comment, root, video, onAnswer }: ActionsProps) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const text = useErrorText();
  const offerLogin = useOfferLogin(`/watch/${video.id}`);
  const mayRemove = comment.is_mine || video.is_mine || me?.role === "moderator" || me?.role === "admin";
  const path = { id: comment.id };
  const hasThread = comment.id === root.id && comment.reply_count > 0;

  const like = () => {
    if (me === null) {
      offerLogin(t("feed.likeFirst"));
      return;
    }
    const { is_liked: wasLiked, like_count: count } = comment;
    patchComment(comment.id, { is_liked: !wasLiked, like_count: Math.max(0, count + (wasLiked ? -1 : 1)) });
    (wasLiked ? ask("interaction.unlikeComment", { path }) : ask("interaction.likeComment", { path, body: {} })).then(
      ({ liked, like_count }) => patchComment(comment.id, { is_liked: liked, like_count }),
      (thrown: unknown) => {
        patchComment(comment.id, { is_liked: wasLiked, like_count: count });
        showToast(text(thrown));
      },
    );
  };
  const pin = () => {
    const change = comment.is_pinned ? ask("interaction.unpin", { path }) : ask("interaction.pin", { path, body: {} });
    change.then(
      () => queryClient.invalidateQueries({ queryKey: ["comments", video.id] }),
      (thrown: unknown) => showToast(text(thrown)),
    );
  };
  const remove = () => {
    const back = removeLater(comment, (thrown) => showToast(`${t("comments.removeFailed")} ${text(thrown)}`));
    const undo = () => {
      takenBack = comment.id;
      back();
    };
    // Its own buttons are removed: the focus is on the undo, and on the list once that is over.
    showToast(
      hasThread ? t("comments.removedThread") : t("comments.removed"),
      { name: t("action.undo"), run: undo },
      undoMs - 200,
      {
        focusAfter: () => document.getElementById("comments-title"),
      },
    );
  };
  return (
    <div className="-ms-2 flex flex-wrap items-center">
      <span className="inline-flex items-center">
        <IconButton label={t("comments.like")} aria-pressed={comment.is_liked} onPress={like}>
          <Heart size={16} aria-hidden className={comment.is_liked ? "fill-accent text-accent" : ""} />
        </IconButton>
        {comment.like_count > 0 && (
          <span className="tabular -ms-1 pe-2 text-sm text-soft">{formatCount(comment.like_count, i18n.language)}</span>
        )}
      </span>
      {video.allow_comment && me !== null && (
        <Button look="ghost" onPress={onAnswer}>
          {t("comments.reply")}
        </Button>
      )}
      {video.is_mine && comment.id === root.id && (
        <Button look="ghost" onPress={pin}>
          {comment.is_pinned ? t("comments.unpin") : t("comments.pin")}
        </Button>
      )}
      {!comment.is_mine && <ReportButton thing={{ kind: "comment", id: comment.id }} />}
      {mayRemove && (
        <IconButton label={hasThread ? t("comments.removeThread") : t("comments.remove")} onPress={remove}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
