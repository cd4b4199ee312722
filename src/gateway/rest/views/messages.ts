import { Comment, ReceivedComment } from "#services/interaction/contract";
import { Conversation, Notification, Update } from "#services/message/contract";
import { UserBrief, user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { PublicPath } from "#kernel";
import { z } from "zod";
import { inOrder, view } from "../view.ts";
import { Author, author, authorsOf } from "./users.ts";
import { addresses, Cover, coversOf } from "./videos.ts";

export const commentView = view({ id: "Comment", base: Comment, parts: [author] });

const VideoCard = z.object({ id: z.int(), title: z.string(), coverUrl: PublicPath });
export const receivedCommentView = view({
  id: "ReceivedComment",
  base: ReceivedComment,
  parts: [
    author,
    {
      name: "video",
      adds: z.object({ video: VideoCard }),
      none: ({ videoId }) => ({ video: { id: videoId, title: "", coverUrl: "" } }),
      async of(rows, context) {
        const ids = [...new Set(rows.map((row) => row.videoId))];
        const { items } = await context.client(video).visible({ ids }, context.call);
        const links = await addresses.of(items, context);
        const cards = items.map((item, place) =>
          VideoCard.parse({ coverUrl: "", ...links[place], id: item.id, title: item.title }),
        );
        return rows.map(({ videoId }) => {
          const card = cards.find(({ id }) => id === videoId);
          return card && { video: card };
        });
      },
    },
  ],
});
const Named = UserBrief.pick({ username: true, nickname: true, avatar: true });
/** A deleted account has no name. */
const unnamed: z.output<typeof Named> = { username: "", nickname: "", avatar: "" };
export const conversationView = view({
  id: "Conversation",
  base: Conversation,
  parts: [
    {
      name: "other",
      adds: Named,
      none: () => unnamed,
      async of(rows, { client, call }) {
        const ids = [...new Set(rows.map((row) => row.userId))];
        const { items } = await client(user).briefs({ ids }, call);
        return inOrder(
          rows,
          (row) => row.userId,
          items,
          (item) => item.id,
        ).map((sender) => sender && Named.parse(sender));
      },
    },
  ],
});

export const notificationView = view({
  id: "Notification",
  base: Notification,
  hidden: ["senderIds"],
  parts: [
    {
      name: "senders",
      adds: z.object({ sender: Author.nullable(), senders: z.array(Author) }),
      none: () => ({ sender: null, senders: [] }),
      async of(rows, context) {
        const senders = await authorsOf(
          rows.flatMap(({ senderIds }) => senderIds),
          context,
        );
        return rows.map(({ senderId, senderIds }) => ({
          sender: (senderId === null ? null : senders.get(senderId)) ?? null,
          senders: senderIds.flatMap((id) => senders.get(id) ?? []),
        }));
      },
    },
    {
      name: "covers",
      /** The cover of the video it is about; null without one, or if the viewer may no longer see it. */
      adds: z.object({ cover: Cover.nullable() }),
      none: () => ({ cover: null }),
      async of(rows, context) {
        const covers = await coversOf(
          rows.flatMap(({ videoId }) => videoId ?? []),
          context,
        );
        return rows.map(({ videoId }) => ({ cover: (videoId === null ? null : covers.get(videoId)) ?? null }));
      },
    },
  ],
});

/** An update, word for word the same in the socket and the list of updates. */
export const updateView = view({
  id: "Update",
  base: Update,
  parts: [
    {
      name: "notification",
      adds: z.object({ notification: notificationView.full.nullable() }),
      none: () => ({ notification: null }),
      async of(rows, context) {
        const whole = await notificationView.hydrate(
          rows.flatMap(({ notification }) => notification ?? []),
          context,
        );
        const next = whole.values();
        return rows.map((row) => ({ notification: row.notification === null ? null : (next.next().value ?? null) }));
      },
    },
  ],
});
