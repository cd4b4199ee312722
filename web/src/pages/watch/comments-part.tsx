import { useEffect, useRef, useState } from "react";
import type { Video } from "#base/api/types.ts";
import { useIsWide } from "#base/frame/frame.ts";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { CommentsCard } from "#parts/comments/comments-card.tsx";
import { Comments } from "#parts/comments/comments.tsx";

const CommentsPanel = lazySheet(() => import("#parts/comments/comments-panel.tsx"), "CommentsPanel");

/** The sheet of comments of a phone's watch page. */
export interface CommentsSheet {
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
}

/** A link to a comment opens the sheet. On wider screens there is none, the comments are on the page. */
export function useCommentsSheet(video: Video, linked: number | undefined): CommentsSheet {
  const isWide = useIsWide();
  const [isOpen, setOpen] = useState(linked !== undefined);
  useEffect(() => {
    if (linked !== undefined) setOpen(true);
  }, [linked]);
  return { isOpen: isOpen && !isWide && video.status === 1, setOpen };
}

interface CommentsPartProps {
  video: Video;
  sheet: CommentsSheet;
  /** The comment whose link was followed. */
  linked: number | undefined;
  /** Goes to a time, with the player in view. */
  onSeek: (seconds: number) => void;
}

/** The comments under the video, or a phone's card that opens them while the video goes on above. */
export function CommentsPart({ video, sheet, linked, onSeek }: CommentsPartProps) {
  const isWide = useIsWide();
  const card = useRef<HTMLButtonElement>(null);
  if (isWide) return <Comments video={video} linked={linked} onSeek={onSeek} />;
  const close = () => {
    sheet.setOpen(false);
    requestAnimationFrame(() => {
      // Opened by a link, it has no control to give the focus back to.
      if (document.activeElement === document.body) card.current?.focus({ preventScroll: true });
    });
  };
  return (
    <>
      <CommentsCard video={video} button={card} isOpen={sheet.isOpen} onOpen={() => sheet.setOpen(true)} />
      {sheet.isOpen && <CommentsPanel video={video} linked={linked} onSeek={onSeek} onClose={close} />}
    </>
  );
}
