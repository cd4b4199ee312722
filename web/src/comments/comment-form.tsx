import { Link } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Attempt } from "../api/attempt.ts";
import { ask } from "../api/client.ts";
import { patchVideo, useMe } from "../api/queries.ts";
import type { Comment, Video } from "../api/types.ts";
import { charactersIn } from "../text/characters.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Problem, useErrorText } from "../ui/states.tsx";
import { patchComment, showComment } from "./comment-queries.ts";

interface CommentFormProps {
  video: Video;
  /** The comment to answer, with the top of its thread. */
  to?: { parent: Comment; root: Comment };
  onDone?: () => void;
}

const lengthMax = 1000;

/** Where one says something; a visitor is offered to log in. What was typed stays when it could not be sent. */
export function CommentForm({ video, to, onDone }: CommentFormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const text = useErrorText();
  const [content, setContent] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt] = useState(() => new Attempt<{ content: string; parent_id?: number }>());
  if (me === null) return <LoginToComment videoId={video.id} />;

  const isSendable = content.trim() !== "" && charactersIn(content.trim()) <= lengthMax;

  const say = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const make = () => ({ content: content.trim(), ...(to && { parent_id: to.parent.id }) });
      const said = await ask("interaction.say", { path: { id: video.id }, ...attempt.of(content.trim(), make) });
      attempt.taken();
      showComment(said);
      // A comment that waits for a moderator is not counted yet.
      if (!said.is_held) {
        if (to) patchComment(to.root.id, { reply_count: to.root.reply_count + 1 });
        patchVideo(video.id, { comment_count: video.comment_count + 1 });
      }
      setContent("");
      onDone?.();
    } catch (thrown) {
      setProblem(text(thrown));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isBusy && isSendable) void say();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field
        label={
          to ? t("comments.replyTo", { name: to.parent.user.nickname || to.parent.user.username }) : t("comments.say")
        }
        value={content}
        onChange={setContent}
        rows={content === "" ? 1 : 3}
        charactersMax={lengthMax}
        {...(to && { autoFocus: true })}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !isBusy && isSendable) void say();
          if (event.key === "Escape") onDone?.();
        }}
      />
      {problem !== null && <Problem>{problem}</Problem>}
      {(content !== "" || to) && (
        <div className="flex justify-end gap-2">
          <Button
            look="ghost"
            onPress={() => {
              setContent("");
              onDone?.();
            }}
          >
            {t("action.cancel")}
          </Button>
          <Button look="main" type="submit" isBusy={isBusy} isDisabled={!isSendable}>
            {to ? t("comments.reply") : t("comments.send")}
          </Button>
        </div>
      )}
    </form>
  );
}

function LoginToComment({ videoId }: { videoId: number }) {
  const { t } = useTranslation();
  return (
    <p className="rounded-xl bg-raised px-4 py-3 text-soft">
      <Link
        to="/login"
        search={{ next: `/watch/${videoId}` }}
        className="inline-flex min-h-11 items-center font-semibold text-link hover:underline"
      >
        {t("nav.login")}
      </Link>{" "}
      {t("comments.loginTo")}
    </p>
  );
}
