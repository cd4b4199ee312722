import { command, contract, query } from "#kernel";
import { z } from "zod";

/** 0 on success, else the HTTP status of the failure, and a sentence. */
const result = { code: z.int(), message: z.string() };
const text = (max: number) => z.string().max(max);
const idsMax = 200;
/** A refused caller gets its answer in `code` too, so every caller is admitted. */
const open = { auth: "public", rate: "login" } as const;
const read = { auth: "public", rate: "read" } as const;
const write = { auth: "public", rate: "write" } as const;

/** Times are seconds since 1970 UTC. */
const User = z.object({
  id: z.int(),
  username: z.string(),
  nickname: z.string(),
  avatar: z.string(),
  backgroundImage: z.string(),
  bio: z.string(),
  gender: z.int(),
  createdAt: z.int(),
});
const Video = z.object({
  id: z.int(),
  userId: z.int(),
  title: z.string(),
  description: z.string(),
  status: z.int(),
  isPublic: z.boolean(),
  durationMs: z.int(),
  width: z.int(),
  height: z.int(),
  createdAt: z.int(),
  publishedAt: z.int(),
});

/** Accounts and profiles under the first names of the platform's gRPC API. */
export const platformUser = {
  ...contract("platformUser", 1, {
    register: command({
      ...open,
      summary: "Makes an account.",
      input: z.object({
        username: text(50),
        password: text(50),
        email: text(254),
        nickname: text(50),
        phone: text(32),
      }),
      output: z.object({ ...result, userId: z.int() }),
    }),
    /** `token` is empty: tokens are made by signing in over HTTP alone. */
    login: command({
      ...open,
      summary: "Says whose name and password these are; no token is made.",
      input: z.object({ username: text(254), password: text(128) }),
      output: z.object({ ...result, userId: z.int(), token: z.string() }),
    }),
    getUser: query({
      ...read,
      summary: "A profile.",
      input: z.object({ userId: z.int() }),
      output: z.object({ ...result, user: User }),
    }),
    updateUser: command({
      ...write,
      summary: "Changes the profile of the caller; empty fields keep their value.",
      input: z.object({
        userId: z.int(),
        nickname: text(50),
        avatar: text(2_000),
        backgroundImage: text(2_000),
        bio: text(500),
      }),
      output: z.object({ ...result, user: User }),
    }),
    getUsersByIDs: query({
      ...read,
      summary: "Profiles by their ids; ids of no user are left out.",
      input: z.object({ userIds: z.array(z.int()).max(idsMax) }),
      output: z.object({ ...result, users: z.array(User) }),
    }),
  }),
  scopes: { query: "social:read", command: "social:write" },
  proto: { package: "api.user", service: "UserService" },
} as const;

/** Videos under the first names of the platform's gRPC API, as the caller may see them. */
export const platformVideo = {
  ...contract("platformVideo", 1, {
    createVideo: command({
      ...write,
      summary: "Publishes a media object of the caller.",
      input: z.object({ mediaId: z.int(), title: text(200), description: text(1_000), isPrivate: z.boolean() }),
      output: z.object({ ...result, video: Video }),
    }),
    getVideo: query({
      ...read,
      summary: "A video.",
      input: z.object({ videoId: z.int() }),
      output: z.object({ ...result, video: Video }),
    }),
    updateVideo: command({
      ...write,
      summary: "Changes the caller's own video; empty fields keep their value.",
      input: z.object({ videoId: z.int(), title: text(200), description: text(1_000) }),
      output: z.object({ ...result, video: Video }),
    }),
    deleteVideo: command({
      ...write,
      summary: "Deletes the caller's own video.",
      input: z.object({ videoId: z.int() }),
      output: z.object(result),
    }),
    getUserVideos: query({
      ...read,
      summary: "The latest videos of a user, at most 100.",
      input: z.object({ userId: z.int(), limit: z.int() }),
      output: z.object({ ...result, videos: z.array(Video) }),
    }),
    getVideosByIDs: query({
      ...read,
      summary: "Videos by their ids; those that the caller may not see are left out.",
      input: z.object({ videoIds: z.array(z.int()).max(idsMax) }),
      output: z.object({ ...result, videos: z.array(Video) }),
    }),
  }),
  scopes: { query: "videos:read", command: "videos:write" },
  proto: { package: "api.video", service: "VideoService" },
} as const;
