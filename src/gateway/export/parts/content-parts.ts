import type { Id } from "#kernel";
import type { GateKind } from "#policy/gates/fields";
import { drive, Entry, Share } from "#services/drive/contract";
import { interaction } from "#services/interaction/contract";
import { live } from "#services/live/contract";
import { Captions, media } from "#services/media/contract";
import { Playlist, video } from "#services/video/contract";
import { jsonWriter } from "../../format/json.ts";
import { videoView } from "../../rest/views/videos.ts";
import { createRowWriter, writeRows } from "../json-text.ts";
import type { ExportSource } from "../source.ts";
import { driveRows } from "./drive-rows.ts";
import { Account, accountUrl, ownPlaylists, ownVideos, watchUrl } from "./links.ts";
import { type ExportPart, list } from "./part.ts";

/** Videos, playlists and the drive. */
export const contentParts: readonly ExportPart[] = [
  list(
    "videos",
    {
      about: { en: "your videos with their details and addresses", zh: "你的视频，包括详细信息和链接" },
      tables: ["video.videos", "media.media"],
    },
    async function* (source) {
      const write = jsonWriter(videoView.full);
      const ownPages = source.pages((page, call) => source.client(video).ofUser({ id: source.userId, ...page }, call));
      for await (const page of ownPages)
        for (const whole of await videoView.hydrate(page, source.view())) yield write(whole, source.base);
    },
  ),
  list(
    "captions",
    { about: { en: "the captions of your videos, by language", zh: "你的视频的字幕" }, tables: ["search.captions"] },
    async function* (source) {
      for await (const { id, mediaId } of ownVideos(source)) {
        const write = createRowWriter(Captions, source.base);
        const { items } = await source.client(media).captions({ id: mediaId }, source.call());
        for (const captions of items) yield `{"video_id":${id},${write(captions).slice(1)}`;
      }
    },
  ),
  list("playlists", { about: { en: "your playlists", zh: "你的播放列表" }, tables: ["video.playlists"] }, (source) =>
    writeRows(
      ownPlaylists(source),
      createRowWriter(Playlist, source.base, ({ id }) => ({ url: `${source.base}/playlist/${id}` })),
    ),
  ),
  list(
    "playlist-videos",
    { about: { en: "the videos in them, in their order", zh: "播放列表中的视频，按顺序排列" }, tables: [] },
    async function* (source) {
      for await (const { id: playlistId } of ownPlaylists(source))
        for await (const { id, title } of source.rows((page, call) =>
          source.client(video).playlistItems({ id: playlistId, ...page }, call),
        ))
          yield JSON.stringify({ playlist_id: playlistId, video_id: id, title, url: watchUrl(source.base, id) });
    },
  ),
  list(
    "drive",
    {
      about: { en: "the files in your drive, with their paths", zh: "网盘中的文件及路径" },
      tables: ["drive.user_files"],
    },
    (source) => driveRows(source),
  ),
  list(
    "drive-trash",
    { about: { en: "what lies in the trash of your drive", zh: "网盘回收站中的文件" }, tables: [] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(drive).trashed(page, call)),
        createRowWriter(Entry, source.base),
      ),
  ),
  list(
    "drive-links",
    {
      about: { en: "links by which you share files, without their secret part", zh: "网盘分享链接（不含密钥部分）" },
      tables: ["drive.shares"],
    },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(drive).shares(page, call)),
        createRowWriter(Share, source.base),
      ),
  ),
  list(
    "invited",
    { about: { en: "people whom you let open locked videos and rooms", zh: "你邀请解锁内容的人" }, tables: [] },
    async function* (source) {
      const write = createRowWriter(Account, source.base, ({ username }) => ({
        url: accountUrl(source.base, username),
      }));
      for await (const { kind, id } of gatedThings(source))
        for await (const account of source.rows((page, call) =>
          source.client(interaction).gateInvited({ kind, id, ...page }, call),
        ))
          yield `{"kind":${JSON.stringify(kind)},"thing_id":${id},${write(account).slice(1)}`;
    },
  ),
];

/** The things of the user that a gate stands before. */
async function* gatedThings(source: ExportSource): AsyncGenerator<{ readonly kind: GateKind; readonly id: Id }> {
  for await (const { id, visibility } of ownVideos(source)) if (visibility === "gated") yield { kind: "video", id };
  const rooms = source.rows((page, call) => source.client(live).ofUser({ id: source.userId, ...page }, call));
  for await (const { id, visibility } of rooms) if (visibility === "gated") yield { kind: "live", id };
}
