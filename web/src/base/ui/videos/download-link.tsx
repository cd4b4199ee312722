import type { ReactNode } from "react";
import { hasToken } from "#base/api/playback-address.ts";
import { videoQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import type { Video } from "#base/api/types.ts";

interface DownloadLinkProps {
  video: Video;
  className: string;
  onPress?: () => void;
  children: ReactNode;
}

/** Fetches the file a video was made of; `null` where its author does not offer it. */
export function useDownload(video: Video): (() => void) | null {
  if (!video.allow_download || video.download_url == null) return null;
  const url = video.download_url;
  const follow = async () => {
    const fresh = await queryClient.fetchQuery({ ...videoQuery(video.id), staleTime: 0 }).catch(() => video);
    window.location.assign(fresh.download_url ?? url);
  };
  return () => void follow();
}

/** The way to the file a video was made of. An address with a token may be old by now: it is asked for anew. */
export function DownloadLink({ video, className, onPress, children }: DownloadLinkProps) {
  const follow = useDownload(video);
  if (!video.allow_download || video.download_url == null) return null;
  const url = video.download_url;
  return (
    <a
      href={url}
      download
      className={className}
      onClick={(event) => {
        if (hasToken(url)) {
          event.preventDefault();
          follow?.();
        }
        onPress?.();
      }}
    >
      {children}
    </a>
  );
}
