import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BlobStore, type Call, type Client, type Contract, type Id } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import { NoRoute } from "#kernel/http/errors";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { auth, BadToken } from "#services/auth/contract";
import { CommentNotFound, interaction } from "#services/interaction/contract";
import { message } from "#services/message/contract";
import { recommend } from "#services/recommend/contract";
import { relation } from "#services/relation/contract";
import { UserNotFound } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import type { Admission } from "../../identity/admission.ts";
import type { Parameters } from "../parameters.ts";
import type { RawRoute } from "../../raw-route.ts";
import { drain } from "../../uploads/form.ts";
import type { Uploads } from "../../uploads/uploads.ts";
import { refusal, succeeded } from "./envelope.ts";
import {
  actionIn,
  idIn,
  instantIn,
  maybeIdIn,
  maybeInstantIn,
  parametersOf,
  textIn,
  verbatimIn,
} from "./parameters.ts";
import { publishing } from "./publishing.ts";
import { douyinRoutes } from "./routes.ts";
import { showing } from "./showing.ts";

interface DouyinParts {
  readonly admission: Admission;
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly fileBytesMax: number;
  /** The origin clients reach this instance by. */
  readonly addressOf: (request: HttpRequest) => string;
}

const waitMs = 30_000;
/** A film takes as long as it takes. */
const uploadWaitMs = 12 * 3_600_000;
const feedMax = 30;
const pageMax = 100;
/** Lists of this API have no pages; nobody reads further than this. */
const listMax = 1_000;
const commentMax = 1_000;
const messageMax = 2_000;
const batchMax = 200;
const family = "douyin";
/** Clients read these before they look whether it went well. */
const noSession = { user_id: 0, token: "" };

/** What stands for a picture that is not there. */
function picture(name: "avatar" | "cover"): Handler {
  const bytes = readFileSync(join(import.meta.dirname, `${name}.png`));
  return async (_route, _request, reply) =>
    reply.type("image/png").headers({ "cache-control": "public, max-age=86400" }).send(bytes);
}

type Handler = (route: RawRoute, request: HttpRequest, reply: HttpReply) => Promise<unknown>;
interface Asked {
  readonly given: Parameters;
  readonly call: Call;
  readonly show: ReturnType<typeof showing>;
}
interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The Douyin-compatible API: an edge over the same services, with no rules of its own. */
export function douyin(server: HttpServer, parts: DouyinParts): void {
  const { client, blob, uploads, fileBytesMax, addressOf, admission } = parts;
  const accounts = client(auth);
  const videos = client(video);
  const marks = client(interaction);
  const relations = client(relation);
  const messages = client(message);

  async function begin(route: RawRoute, request: HttpRequest, reply: HttpReply, given: Parameters, wait = waitMs) {
    const said = given["token"] ?? "";
    // Who is asked to say who they are is told that the token is missing, as if it were wrong.
    if (route.auth === "user" && said === "" && request.headers.authorization === undefined) throw BadToken({});
    const credential = said === "" ? ("header" as const) : { token: said };
    return admission.admit({ ...route, credential }, route.group, request, reply, wait);
  }

  const answering =
    (answer: (asked: Asked) => Promise<object | undefined>): Handler =>
    async (route, request, reply) => {
      const given = await parametersOf(request);
      const call = await begin(route, request, reply, given);
      return succeeded(await answer({ given, call, show: showing(client, addressOf(request), call) }));
    };

  /** @throws UserNotFound where nobody is named and nobody asks. */
  const userIn = ({ given, call }: Asked): Id => {
    const id = maybeIdIn(given, "user_id") ?? call.userId;
    if (id === undefined) throw BadToken({});
    return id;
  };

  /** Of a list all there is, up to what anybody reads. */
  async function all<T>(ask: (page: { limit: number; cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
    const found: T[] = [];
    for (let cursor: string | undefined; found.length < listMax; ) {
      const { items, next } = await ask({ limit: pageMax, ...(cursor !== undefined && { cursor }) });
      found.push(...items);
      if (next === null) break;
      cursor = next;
    }
    return found;
  }

  /** Those of these videos the caller may see, in this order. */
  async function visible(ids: readonly Id[], call: Call): Promise<Video[]> {
    const found: Video[] = [];
    for (let n = 0; n < ids.length; n += pageMax)
      found.push(...(await videos.visible({ ids: ids.slice(n, n + pageMax) }, call)).items);
    return found;
  }

  const people = (list: "following" | "followers") =>
    answering(async (asked) => {
      const id = userIn(asked);
      const rows = await all((page) => relations[list]({ id, ...page }, asked.call));
      const shown = await asked.show.users(rows.map((row) => row.id));
      return { user_list: rows.flatMap((row) => shown.get(row.id) ?? []) };
    });

  const enter =
    (method: "registerFor" | "loginFor"): Handler =>
    async (route, request, reply) => {
      const { username = "", password = "" } = await parametersOf(request);
      const call = await admission.admit(route, route.group, request, reply, waitMs);
      const { userId, token } = await accounts[method]({ family, username, password }, call);
      return succeeded({ user_id: userId, token });
    };

  const publish = publishing({
    client,
    blob,
    uploads,
    fileBytesMax,
    begin: (route, request, reply, given) => begin(route, request, reply, given, uploadWaitMs),
    count: async (route, request) =>
      void (await admission.count(route.rate, route.group, { source: await admission.pseudonym(request.ip) })),
  });

  const answers: Readonly<Record<string, Handler>> = {
    register: enter("registerFor"),
    login: enter("loginFor"),

    feed: answering(async ({ given, call, show }) => {
      let beforeMs = instantIn(given["latest_time"]);
      // What the caller may not see leaves holes; a page of holes alone is not the end.
      for (;;) {
        const { items } = await client(recommend).before(
          { limit: feedMax, ...(beforeMs !== undefined && { beforeMs }) },
          call,
        );
        const last = items.at(-1);
        if (!last) return { video_list: [], next_time: 0 };
        const rows = await visible(
          items.map(({ videoId }) => videoId),
          call,
        );
        const oldest = items.findLast(({ videoId }) => rows.some(({ id }) => id === videoId));
        if (oldest) return { video_list: await show.videos(rows), next_time: oldest.publishedAtMs };
        beforeMs = last.publishedAtMs;
      }
    }),

    user: answering(async (asked) => {
      const id = userIn(asked);
      const found = (await asked.show.users([id])).get(id);
      if (!found) throw UserNotFound({});
      return { user: found };
    }),

    async publish(route, request, reply) {
      await publish(route, request, reply);
      return succeeded();
    },

    published: answering(async (asked) => {
      const id = userIn(asked);
      const rows = await all((page) => videos.ofUser({ id, ...page }, asked.call));
      return { video_list: await asked.show.videos(rows) };
    }),

    favorite: answering(async ({ given, call }) => {
      const id = idIn(given, "video_id");
      await (actionIn(given) === "do" ? marks.like({ id }, call) : marks.unlike({ id }, call));
      return undefined;
    }),

    favorites: answering(async (asked) => {
      const id = userIn(asked);
      const rows = await all((page) => marks.likes({ id, ...page }, asked.call));
      const seen = await visible(
        rows.map(({ videoId }) => videoId),
        asked.call,
      );
      return { video_list: await asked.show.videos(seen) };
    }),

    comment: answering(async ({ given, call, show }) => {
      const id = idIn(given, "video_id");
      if (actionIn(given) === "do") {
        const content = textIn(given, "comment_text", commentMax);
        const [comment] = await show.comments([await marks.say({ id, content }, call)]);
        return { comment };
      }
      const commentId = idIn(given, "comment_id");
      const { videoId } = await marks.comment({ id: commentId }, call);
      if (videoId !== id) throw CommentNotFound({});
      await marks.unsay({ id: commentId }, call);
      return { comment: null };
    }),

    comments: answering(async ({ given, call, show }) => {
      const id = idIn(given, "video_id");
      const rows = await all((page) => marks.allComments({ id, ...page }, call));
      return { comment_list: await show.comments(rows) };
    }),

    relate: answering(async ({ given, call }) => {
      const id = idIn(given, "to_user_id");
      await (actionIn(given) === "do" ? relations.follow({ id }, call) : relations.unfollow({ id }, call));
      return undefined;
    }),

    avatar: picture("avatar"),
    cover: picture("cover"),
    friends: answering(async (asked) => {
      const id = userIn(asked);
      const rows = await all((page) => relations.friends({ id, ...page }, asked.call));
      const ids = rows.map((row) => row.id);
      const shown = await asked.show.users(ids);
      const latest = new Map<Id, { content: string; isMine: boolean }>();
      for (let n = 0; n < ids.length; n += batchMax) {
        const { items } = await messages.latestWith({ userIds: ids.slice(n, n + batchMax) }, asked.call);
        for (const { userId, message: last } of items) latest.set(userId, last);
      }
      return {
        user_list: ids.flatMap((friend) => {
          const found = shown.get(friend);
          const { content = "", isMine = false } = latest.get(friend) ?? {};
          return found ? [{ ...found, message: content, msgType: isMine ? 1 : 0 }] : [];
        }),
      };
    }),

    send: answering(async ({ given, call }) => {
      const receiverId = idIn(given, "to_user_id");
      if (actionIn(given) === "undo") throw InvalidInput({ fields: [{ field: "action_type", message: "1" }] });
      await messages.send({ receiverId, content: verbatimIn(given, "content", messageMax) }, call);
      return undefined;
    }),

    chat: answering(async ({ given, call }) => {
      const userId = idIn(given, "to_user_id");
      const after = maybeInstantIn(given, "pre_msg_time");
      const { items } = await messages.chat({ userId, after, limit: listMax }, call);
      return {
        message_list: items.map(({ id, senderId, receiverId, content, createdAtMs }) => ({
          id,
          from_user_id: senderId,
          to_user_id: receiverId,
          content,
          create_time: createdAtMs,
        })),
      };
    }),

    following: people("following"),
    followers: people("followers"),
  };

  for (const route of douyinRoutes) {
    const { verb, path, name } = route;
    const answer = answers[name];
    if (!answer) throw new Error(`${name} is answered by nobody`);
    const isEntry = name === "register" || name === "login";
    server.route({
      method: verb === "GET" ? ["GET", "HEAD"] : "POST",
      url: path,
      declared: `${family}.${name}`,
      service: "gateway",
      refuses: refusal(isEntry ? noSession : {}),
      takes: "any",
      async handler(request, reply) {
        try {
          return await answer(route, request, reply);
        } catch (error) {
          drain(request.raw);
          throw error;
        }
      },
    });
  }
  server.route({
    method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    url: `/${family}/*`,
    declared: `${family}.none`,
    refuses: refusal(),
    sharesPath: true,
    takes: "any",
    async handler() {
      throw NoRoute({});
    },
  });
}
