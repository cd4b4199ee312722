import type { Id } from "#kernel";
import { UserBrief } from "#services/user/contract";
import { video } from "#services/video/contract";
import { createRowWriter } from "../json-text.ts";
import type { ExportSource } from "../source.ts";

export const watchUrl = (base: string, id: Id) => `${base}/watch/${id}`;
export const linkOf = (base: string) => (row: { readonly videoId: Id }) => ({ url: watchUrl(base, row.videoId) });

/** Also those that are private, being prepared or taken down. */
export const ownVideos = (source: ExportSource) =>
  source.rows((page, call) => source.client(video).ofUser({ id: source.userId, ...page }, call));
export const ownPlaylists = (source: ExportSource) =>
  source.rows((page, call) => source.client(video).playlistsOf({ id: source.userId, ...page }, call));

/** The fields of another account that an export names. */
export const Account = UserBrief.pick({ id: true, username: true, nickname: true });
export const accountUrl = (base: string, username: string) => `${base}/@${encodeURIComponent(username)}`;
export const accountWriter = ({ base }: ExportSource) =>
  createRowWriter(Account, base, ({ username }) => ({ url: accountUrl(base, username) }));
