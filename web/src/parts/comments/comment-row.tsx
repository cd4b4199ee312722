import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Flag, Heart, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Comment, Video } from "#base/api/types.ts";
import { formatAgo, formatCount, formatDate } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { StaffBadge } from "#base/ui/accounts/staff-badge.tsx";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { undoMs } from "#base/ui/sheets/deleting.ts";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { useReport } from "#parts/report/use-report.tsx";
import { CommentEditor } from "./comment-editor.tsx";
import { CommentForm } from "./comment-form.tsx";
import { patchComment, repliesQuery } from "./comment-queries.ts";
import { removeLater, useRemoved } from "./removal.ts";
import { TimedText } from "./timed-text.tsx";

interface CommentRowProps {
  comment: Comment;
  /** The top of its thread; itself where it is that. */
  root: Comment;
  video: Video;
  onSeek: (seconds: number) => void;
}

/** As long as the server lets an author edit. */
const editableMs = 5 * 60_000;

/** The one that was just taken back: where its row appears again, it has the focus. */
let takenBack = 0;

/** One comment with what can be done with it, and the thread under it where it is at the top. */
export function CommentRow({ comment, root, video, onSeek }: CommentRowProps) {
  const { t } = useTranslation();
  const [isAnswering, setAnswering] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const isTop = comment.id === root.id;
  const replyCount = comment.reply_count - useRemoved(video.id).repliesTo(comment.id);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (takenBack !== comment.id) return;
    takenBack = 0;
    row.current?.focus();
  }, [comment.id]);
  const author = { username: comment.user.username };
  return (
    <li ref={row} tabIndex={-1} className="flex gap-3 py-2">
      <Link to="/@{$username}" params={author} aria-hidden tabIndex={-1}>
        <Avatar user={comment.user} size={isTop ? "comment" : "tiny"} />
      </Link>
      <div className="min-w-0 flex-1">
        <div className="flex items-start">
          <Facts comment={comment} />
          <RowMenu comment={comment} root={root} video={video} onEdit={() => setEditing(true)} />
        </div>
        {isEditing ? (
          <CommentEditor comment={comment} onDone={() => setEditing(false)} />
        ) : (
          <p className="text-sm wrap-anywhere whitespace-pre-line" dir="auto">
            <TimedText text={comment.content} durationS={video.duration} onSeek={onSeek} />
          </p>
        )}
        {comment.is_held && <p className="mt-1 text-sm text-warn">{t("comments.held")}</p>}
        <div className="-ms-2 flex items-center gap-1 text-xs font-semibold text-soft">
          <LikeButton comment={comment} />
          <AnswerButton video={video} onAnswer={() => setAnswering(true)} />
        </div>
        {isAnswering && (
          <div className="my-2">
            <CommentForm
              video={video}
              to={{ parent: comment, root }}
              onDone={() => {
                setAnswering(false);
                setOpen(true);
                void invalidate(keyOf("replies", root.id));
              }}
            />
          </div>
        )}
        {isTop && replyCount > 0 && (
          <BareButton
            aria-expanded={isOpen}
            onPress={() => setOpen(!isOpen)}
            className="flex min-h-10 items-center gap-2 text-xs font-semibold text-soft before:h-px before:w-5 before:bg-faint hover:text-ink"
          >
            {isOpen ? t("comments.hideReplies") : t("comments.replies", { count: replyCount })}
          </BareButton>
        )}
        {isTop && isOpen && <Replies root={comment} video={video} onSeek={onSeek} />}
      </div>
    </li>
  );
}

/** The author and the time of a comment, with its badges. */
function Facts({ comment }: { comment: Comment }) {
  const { t, i18n } = useTranslation();
  const createdMs = Date.parse(comment.created_at);
  return (
    <p className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1.5 text-xs text-soft">
      <Link
        to="/@{$username}"
        params={{ username: comment.user.username }}
        className="min-w-0 truncate font-semibold hover:underline"
      >
        <bdi>{comment.user.nickname || comment.user.username}</bdi>
      </Link>
      <StaffBadge role={comment.user.role} />
      {comment.is_by_owner && (
        <span className="rounded bg-accent/15 px-1.5 font-semibold text-link">{t("comments.byOwner")}</span>
      )}
      <time dateTime={comment.created_at} title={formatDate(createdMs, i18n.language)}>
        {formatAgo(createdMs, Date.now(), i18n.language)}
      </time>
      {comment.edited_at !== null && <span>{t("comments.edited")}</span>}
      {comment.is_pinned && (
        <span className="inline-flex items-center gap-1">
          <Pin size={12} aria-hidden />
          {t("comments.pinned")}
        </span>
      )}
    </p>
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
      {query.isPending && <Skeleton className="h-12" />}
      <ul>
        {rows.map((reply) => (
          <CommentRow key={reply.id} comment={reply} root={root} video={video} onSeek={onSeek} />
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}

const footClass = "inline-flex min-h-10 items-center gap-1.5 rounded-full px-2 hover:text-ink pointer-fine:min-h-8";

function LikeButton({ comment }: { comment: Comment }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const text = useErrorText();
  const path = { id: comment.id };
  const like = async () => {
    if (me === null && !(await logInFor(t("feed.likeFirst")))) return;
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
  return (
    <>
      <span className={`${footClass} relative ${comment.is_liked ? "text-link!" : ""}`}>
        <BareButton
          aria-label={t("comments.like")}
          aria-pressed={comment.is_liked}
          onPress={() => void like()}
          className="rounded-full after:absolute after:inset-0"
        >
          <Heart size={16} aria-hidden className={comment.is_liked ? "fill-accent text-accent" : ""} />
        </BareButton>
        {comment.like_count > 0 && <span className="tabular">{formatCount(comment.like_count, i18n.language)}</span>}
      </span>
    </>
  );
}

function AnswerButton({ video, onAnswer }: { video: Video; onAnswer: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  if (!video.allow_comment || me === null) return null;
  return (
    <BareButton onPress={onAnswer} className={footClass}>
      {t("comments.reply")}
    </BareButton>
  );
}

interface RowMenuProps {
  onEdit: () => void;
  comment: Comment;
  root: Comment;
  video: Video;
}

/** Rare actions on a comment. */
function RowMenu({ comment, root, video, onEdit }: RowMenuProps) {
  const { t } = useTranslation();
  const me = useMe();
  const text = useErrorText();
  const { report, sheet } = useReport({ kind: "comment", id: comment.id });
  const mayRemove = comment.is_mine || video.is_mine || me?.role === "moderator" || me?.role === "admin";
  const isTop = comment.id === root.id;
  const hasThread = isTop && comment.reply_count > 0;
  const path = { id: comment.id };
  const pin = () => {
    const change = comment.is_pinned ? ask("interaction.unpin", { path }) : ask("interaction.pin", { path, body: {} });
    change.then(
      () => invalidate(keyOf("comments", video.id)),
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
      { focusAfter: () => document.getElementById("comments-title") },
    );
  };
  return (
    <>
      <MoreMenu
        label={t("comments.more", { name: comment.user.nickname || comment.user.username })}
        className="-my-2.5 -me-2 grid size-10 shrink-0 place-items-center rounded-full text-soft hover:text-ink"
        actions={[
          video.is_mine &&
            isTop && {
              id: "pin",
              text: comment.is_pinned ? t("comments.unpin") : t("comments.pin"),
              icon: comment.is_pinned ? <PinOff size={18} aria-hidden /> : <Pin size={18} aria-hidden />,
              run: pin,
            },
          comment.is_mine &&
            !comment.is_held &&
            Date.now() - Date.parse(comment.created_at) < editableMs && {
              id: "edit",
              text: t("action.edit"),
              icon: <Pencil size={18} aria-hidden />,
              run: onEdit,
            },
          !comment.is_mine && {
            id: "report",
            text: t("action.report"),
            icon: <Flag size={18} aria-hidden />,
            run: report,
          },
          mayRemove && {
            id: "remove",
            text: hasThread ? t("comments.removeThread") : t("comments.remove"),
            icon: <Trash2 size={18} aria-hidden />,
            isDanger: true,
            run: remove,
          },
        ]}
      />
      {sheet}
    </>
  );
}
