import { Id, Instant, event } from "#kernel";
import { z } from "zod";

export const messageSent = event(
  "message.sent.v1",
  z.object({ messageId: Id, conversationId: Id, senderId: Id, receiverId: Id, atMs: Instant }),
);

export const notificationCreated = event(
  "notification.created.v1",
  z.object({ notificationId: Id, userId: Id, type: z.int(), atMs: Instant }),
);
