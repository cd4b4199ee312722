import { CommentNotFound, interaction } from "#services/interaction/contract";
import type { ClientOf } from "../../client-of.ts";
import { allRows, type Endpoints, type Handlers } from "./endpoints.ts";
import { actionIn, idIn, textIn } from "./parameters.ts";

const commentMax = 1_000;

export function commentHandlers(client: ClientOf, endpoints: Endpoints): Handlers {
  const interactions = client(interaction);
  return {
    comment: endpoints.handler(async ({ parameters, call, presenter }) => {
      const id = idIn(parameters, "video_id");
      if (actionIn(parameters) === "do") {
        const content = textIn(parameters, "comment_text", commentMax);
        const [comment] = await presenter.comments([await interactions.say({ id, content }, call)]);
        return { comment };
      }
      const commentId = idIn(parameters, "comment_id");
      const { videoId } = await interactions.comment({ id: commentId }, call);
      if (videoId !== id) throw CommentNotFound({});
      await interactions.unsay({ id: commentId }, call);
      return { comment: null };
    }),

    comments: endpoints.handler(async ({ parameters, call, presenter }) => {
      const id = idIn(parameters, "video_id");
      const rows = await allRows((page) => interactions.allComments({ id, ...page }, call));
      return { comment_list: await presenter.comments(rows) };
    }),
  };
}
