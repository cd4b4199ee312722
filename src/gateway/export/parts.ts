import type { Id } from "#kernel";
import { auth } from "#services/auth/contract";
import {
  FavoriteFolder,
  FavoriteVideo,
  interaction,
  LikedVideo,
  OwnComment,
  OwnDanmaku,
  WatchedVideo,
} from "#services/interaction/contract";
import { live, Payout, StatementEntry } from "#services/live/contract";
import { Message, message } from "#services/message/contract";
import { Decision, moderation, Report } from "#services/moderation/contract";
import { NotInterested, recommend, WatchSignal } from "#services/recommend/contract";
import { relation } from "#services/relation/contract";
import { search } from "#services/search/contract";
import { UserBrief, user } from "#services/user/contract";
import { Playlist, video } from "#services/video/contract";
import { jsonWriter } from "../format/json.ts";
import { userView } from "../rest/views/users.ts";
import { videoView } from "../rest/views/videos.ts";
import { driveRows } from "./drive-rows.ts";
import { arrayText, objectText, createRowWriter, writeRows } from "./json-text.ts";
import type { ExportSource } from "./source.ts";

/** A file of the export, made while it is sent. Each asks for what belongs to the user of the source alone. */
export interface ExportPart {
  readonly name: string;
  readonly text: (source: ExportSource) => AsyncIterable<string>;
}

const list = (name: string, rows: (source: ExportSource) => AsyncIterable<string>): ExportPart => ({
  name: `${name}.json`,
  text: (source) => arrayText(rows(source)),
});
const single = (name: string, fields: (source: ExportSource) => Promise<string>): ExportPart => ({
  name: `${name}.json`,
  async *text(source) {
    yield await fields(source);
  },
});

const watchUrl = (base: string, id: Id) => `${base}/watch/${id}`;
const linkOf = (base: string) => (row: { readonly videoId: Id }) => ({ url: watchUrl(base, row.videoId) });

/** Everything that is exported, in the order of the archive. */
export const exportParts: readonly ExportPart[] = [
  single("profile", async (source) => {
    const profile = await source.client(user).get({ id: source.userId }, source.call());
    const [whole] = await userView.hydrate([profile], source.view());
    return `${jsonWriter(userView.full)(whole, source.base)}\n`;
  }),
  single("account", async (source) => {
    const { email, sessions } = auth.methods;
    return objectText({
      email: jsonWriter(email.output)(await source.client(auth).email({}, source.call()), source.base),
      sessions: jsonWriter(sessions.output)(await source.client(auth).sessions({}, source.call()), source.base),
    });
  }),
  single("settings", async (source) => {
    const [notices, watched, searched, filters] = await Promise.all([
      source.client(message).settings({}, source.call()),
      source.client(interaction).historySettings({}, source.call()),
      source.client(search).historySettings({}, source.call()),
      source.client(interaction).danmakuFilters({}, source.call()),
    ]);
    return objectText({
      notifications: jsonWriter(message.methods.settings.output)(notices, source.base),
      watch_history: jsonWriter(interaction.methods.historySettings.output)(watched, source.base),
      search_history: jsonWriter(search.methods.historySettings.output)(searched, source.base),
      danmaku_filters: jsonWriter(interaction.methods.danmakuFilters.output)(filters, source.base),
    });
  }),
  list("videos", async function* (source) {
    const write = jsonWriter(videoView.full);
    const ownPages = source.pages((page, call) => source.client(video).ofUser({ id: source.userId, ...page }, call));
    for await (const page of ownPages)
      for (const whole of await videoView.hydrate(page, source.view())) yield write(whole, source.base);
  }),
  list("comments", (source) =>
    writeRows(
      source.rows((page, call) => source.client(interaction).ownComments(page, call)),
      createRowWriter(OwnComment, source.base, ({ id, videoId }) => ({
        url: `${watchUrl(source.base, videoId)}?comment=${id}`,
      })),
    ),
  ),
  list("timed-comments", (source) =>
    writeRows(
      source.rows((page, call) => source.client(interaction).ownDanmaku(page, call)),
      createRowWriter(OwnDanmaku, source.base, linkOf(source.base)),
    ),
  ),
  list("likes", (source) =>
    writeRows(
      source.rows((page, call) => source.client(interaction).likes({ id: source.userId, ...page }, call)),
      createRowWriter(LikedVideo, source.base, linkOf(source.base)),
    ),
  ),
  list("saved-videos", (source) =>
    writeRows(
      source.rows((page, call) => source.client(interaction).favorites({ id: source.userId, ...page }, call)),
      createRowWriter(FavoriteVideo, source.base, linkOf(source.base)),
    ),
  ),
  list("saved-folders", (source) =>
    writeRows(
      source.rows((page, call) => source.client(interaction).folders({ id: source.userId, ...page }, call)),
      createRowWriter(FavoriteFolder, source.base),
    ),
  ),
  list("playlists", (source) =>
    writeRows(
      ownPlaylists(source),
      createRowWriter(Playlist, source.base, ({ id }) => ({ url: `${source.base}/playlist/${id}` })),
    ),
  ),
  list("playlist-videos", async function* (source) {
    for await (const { id: playlistId } of ownPlaylists(source))
      for await (const { id, title } of source.rows((page, call) =>
        source.client(video).playlistItems({ id: playlistId, ...page }, call),
      ))
        yield JSON.stringify({ playlist_id: playlistId, video_id: id, title, url: watchUrl(source.base, id) });
  }),
  list("following", (source) =>
    writeRows(
      source.rows((page, call) => source.client(relation).following({ id: source.userId, ...page }, call)),
      accountWriter(source),
    ),
  ),
  list("followers", (source) =>
    writeRows(
      source.rows((page, call) => source.client(relation).followers({ id: source.userId, ...page }, call)),
      accountWriter(source),
    ),
  ),
  list("blocked", (source) =>
    writeRows(
      source.rows((page, call) => source.client(relation).blacklist(page, call)),
      accountWriter(source),
    ),
  ),
  list("watch-history", (source) =>
    writeRows(
      source.rows((page, call) => source.client(interaction).history(page, call)),
      createRowWriter(WatchedVideo, source.base, linkOf(source.base)),
    ),
  ),
  list("search-history", async function* (source) {
    const { items } = await source.client(search).history({ limit: 100 }, source.call());
    for (const { keyword, createdAtMs } of items)
      yield JSON.stringify({ keyword, created_at: new Date(createdAtMs).toISOString() });
  }),
  list("not-interested", (source) =>
    writeRows(
      source.rows((page, call) => source.client(recommend).notInterested(page, call)),
      createRowWriter(NotInterested, source.base),
    ),
  ),
  list("feed-signals", (source) =>
    writeRows(
      source.rows((page, call) => source.client(recommend).signals(page, call)),
      createRowWriter(WatchSignal, source.base),
    ),
  ),
  list("coins", (source) =>
    writeRows(
      source.rows((page, call) => source.client(live).statement(page, call)),
      createRowWriter(StatementEntry, source.base),
    ),
  ),
  list("payouts", (source) =>
    writeRows(
      source.rows((page, call) => source.client(live).ownPayouts(page, call)),
      createRowWriter(Payout, source.base),
    ),
  ),
  list("messages", (source) => writeRows(writtenMessages(source), createRowWriter(Message, source.base))),
  list("drive", (source) => driveRows(source)),
  list("reports", (source) =>
    writeRows(
      source.rows((page, call) => source.client(moderation).reports(page, call)),
      createRowWriter(Report, source.base),
    ),
  ),
  list("decisions", (source) =>
    writeRows(
      source.rows((page, call) => source.client(moderation).decisions(page, call)),
      createRowWriter(Decision, source.base),
    ),
  ),
];

/** Also those that are private, being prepared or taken down. */
export const ownVideos = (source: ExportSource) =>
  source.rows((page, call) => source.client(video).ofUser({ id: source.userId, ...page }, call));
const ownPlaylists = (source: ExportSource) =>
  source.rows((page, call) => source.client(video).playlistsOf({ id: source.userId, ...page }, call));

/** The fields of another account that an export names. */
const Account = UserBrief.pick({ id: true, username: true, nickname: true });
const accountWriter = ({ base }: ExportSource) =>
  createRowWriter(Account, base, ({ username }) => ({ url: `${base}/@${encodeURIComponent(username)}` }));

/** Messages of the other side of a conversation belong to that user, and are left out. */
async function* writtenMessages(source: ExportSource) {
  for await (const { id } of source.rows((page, call) => source.client(message).conversations(page, call)))
    for await (const item of source.rows((page, call) => source.client(message).messages({ id, ...page }, call)))
      if (item.senderId === source.userId) yield item;
}
