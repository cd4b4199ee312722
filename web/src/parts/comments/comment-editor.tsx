import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Comment } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { CommentField } from "./comment-form.tsx";
import { patchComment } from "./comment-queries.ts";

/** Changes the words of one's own comment; they stay in the field when the server refuses them. */
export function CommentEditor({ comment, onDone }: { comment: Comment; onDone: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [content, setContent] = useState(comment.content);
  const {
    run: save,
    isBusy,
    problem,
  } = useAction(async () => {
    const saved = await ask("interaction.editComment", {
      path: { id: comment.id },
      body: { content: content.trim() },
    });
    patchComment(comment.id, { content: saved.content, edited_at: saved.edited_at });
    onDone();
  });
  return (
    <div className="my-1 flex flex-col gap-2">
      <CommentField
        {...{ me: me ?? undefined, content, isBusy }}
        label={t("comments.editing")}
        isFocused
        onChange={setContent}
        onSend={() => void save()}
        onCancel={onDone}
      />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="ghost" className="self-start" onPress={onDone}>
        {t("action.cancel")}
      </Button>
    </div>
  );
}
