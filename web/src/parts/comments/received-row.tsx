import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { videoQuery } from "#base/api/queries.ts";
import type { Comment } from "#base/api/types.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { commentQuery } from "./comment-queries.ts";
import { CommentRow } from "./comment-row.tsx";

/** A comment on a video of the viewer's, apart from that video; a time in it leads there. */
export function ReceivedRow({ comment }: { comment: Comment }) {
  const navigate = useNavigate();
  const { data: video } = useQuery(videoQuery(comment.video_id));
  const rootId = comment.root_id ?? comment.id;
  const { data: root = comment } = useQuery({ ...commentQuery(rootId), enabled: rootId !== comment.id });
  if (video === undefined)
    return (
      <li className="my-2">
        <Skeleton className="h-16" />
      </li>
    );
  const seek = (seconds: number) =>
    void navigate({ to: "/watch/$id", params: { id: video.id }, search: { t: Math.floor(seconds) } });
  return <CommentRow comment={comment} root={root} video={video} onSeek={seek} />;
}
