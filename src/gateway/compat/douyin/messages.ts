import { InvalidInput } from "#kernel/errors";
import { message } from "#services/message/contract";
import type { ClientOf } from "../../client-of.ts";
import { type Endpoints, type Handlers, listMax } from "./endpoints.ts";
import { actionIn, idIn, optionalInstantIn, verbatimIn } from "./parameters.ts";

const messageMax = 2_000;

export function messageHandlers(client: ClientOf, endpoints: Endpoints): Handlers {
  const messages = client(message);
  return {
    send: endpoints.handler(async ({ parameters, call }) => {
      const receiverId = idIn(parameters, "to_user_id");
      if (actionIn(parameters) === "undo") throw InvalidInput({ fields: [{ field: "action_type", message: "1" }] });
      await messages.send({ receiverId, content: verbatimIn(parameters, "content", messageMax) }, call);
      return undefined;
    }),

    chat: endpoints.handler(async ({ parameters, call }) => {
      const userId = idIn(parameters, "to_user_id");
      const after = optionalInstantIn(parameters, "pre_msg_time");
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
  };
}
