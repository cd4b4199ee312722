import { callerOf, type KinoraError } from "#kernel";
import { auth } from "#services/auth/contract";
import { type User, user } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import type { Facade, FacadeHandlers, FacadeParts } from "../facade.ts";
import { platformUser, platformVideo } from "./facade-contract.ts";

const listSize = { usual: 20, max: 100 };
const successOf = <T extends object>(fields: T) => ({ code: 0, message: "success", ...fields });
const seconds = (ms: number | null): number => Math.floor((ms ?? 0) / 1_000);
/** The fields that are not empty: in proto3 an empty one is the same as one that was left out. */
const omitEmpty = <T extends Readonly<Record<string, string>>>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "")) as Partial<T>; // Fewer of the same fields.

const presentUser = ({ id, username, nickname, avatar, backgroundImage, bio, gender, createdAtMs }: User) => ({
  id,
  username,
  nickname,
  avatar,
  backgroundImage,
  bio,
  gender,
  createdAt: seconds(createdAtMs),
});
const presentVideo = ({ id, userId, title, description, status, isPublic, durationMs, ...row }: Video) => ({
  id,
  userId,
  title,
  description,
  status,
  isPublic,
  durationMs,
  width: row.width,
  height: row.height,
  createdAt: seconds(row.createdAtMs),
  publishedAt: seconds(row.publishedAtMs),
});

/** The platform's own services under their first gRPC names. */
export function platformFacades({ client }: Pick<FacadeParts, "client">): readonly Facade[] {
  const accounts = client(auth);
  const users = client(user);
  const videos = client(video);

  const userHandlers: FacadeHandlers<typeof platformUser> = {
    async register({ username, password, ...optional }, call) {
      const { userId } = await accounts.register({ username, password, ...omitEmpty(optional) }, call);
      return successOf({ userId });
    },
    async login(credentials, call) {
      const { userId } = await accounts.login(credentials, call);
      return successOf({ userId });
    },
    getUser: async ({ userId }, call) => successOf({ user: presentUser(await users.get({ id: userId }, call)) }),
    async updateUser({ userId, ...changes }, call) {
      callerOf(call);
      return successOf({ user: presentUser(await users.update({ id: userId, ...omitEmpty(changes) }, call)) });
    },
    async getUsersByIDs({ userIds }, call) {
      const { items } = await users.briefs({ ids: [...new Set(userIds)] }, call);
      const details = await Promise.all(items.map(({ id }) => users.get({ id }, call)));
      return successOf({ users: details.map(presentUser) });
    },
  };

  const videoHandlers: FacadeHandlers<typeof platformVideo> = {
    async createVideo({ mediaId, title, description, isPrivate }, call) {
      callerOf(call);
      const visibility = isPrivate ? ("private" as const) : ("public" as const);
      return successOf({ video: presentVideo(await videos.create({ mediaId, title, description, visibility }, call)) });
    },
    getVideo: async ({ videoId }, call) => successOf({ video: presentVideo(await videos.get({ id: videoId }, call)) }),
    async updateVideo({ videoId, ...changes }, call) {
      callerOf(call);
      return successOf({ video: presentVideo(await videos.update({ id: videoId, ...omitEmpty(changes) }, call)) });
    },
    async deleteVideo({ videoId }, call) {
      callerOf(call);
      await videos.remove({ id: videoId }, call);
      return successOf({});
    },
    async getUserVideos({ userId, limit }, call) {
      const size = limit > 0 ? Math.min(limit, listSize.max) : listSize.usual;
      const { items } = await videos.ofUser({ id: userId, limit: size }, call);
      return successOf({ videos: items.map(presentVideo) });
    },
    async getVideosByIDs({ videoIds }, call) {
      const { items } = await videos.visible({ ids: [...new Set(videoIds)] }, call);
      return successOf({ videos: items.map(presentVideo) });
    },
  };

  const refusalOf = ({ http: code, message }: KinoraError) => ({ code, message });
  return [
    { group: "user", refusalOf, contract: platformUser, handlers: userHandlers },
    { group: "video", refusalOf, contract: platformVideo, handlers: videoHandlers },
  ];
}
