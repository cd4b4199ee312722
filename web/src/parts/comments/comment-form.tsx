import { LoaderCircle, SendHorizontal } from "lucide-react";
import { type RefObject, type SubmitEvent, useRef, useState } from "react";
import { TextArea } from "react-aria-components/TextArea";
import { TextField } from "react-aria-components/TextField";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { patchVideo, useMe } from "#base/api/queries.ts";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { Comment, User, Video } from "#base/api/types.ts";
import { charactersIn } from "#base/text/characters.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { EmojiButton } from "#base/ui/menus/emoji-button.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { patchComment, showComment } from "./comment-queries.ts";

interface CommentFormProps {
  video: Video;
  /** The comment to answer, with the top of its thread. */
  to?: { parent: Comment; root: Comment };
  onDone?: () => void;
}

const lengthMax = 1000;

/** The form for a comment; a visitor is offered to log in. The typed text stays if it could not be sent. */
export function CommentForm({ video, to, onDone }: CommentFormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [content, setContent] = useState("");
  const [attempt] = useState(() => new Attempt<{ content: string; parent_id?: number }>());
  const [isInvited, setInvited] = useState(false);
  const {
    run: send,
    isBusy,
    problem,
  } = useAction(async () => {
    const make = () => ({ content: content.trim(), ...(to && { parent_id: to.parent.id }) });
    const comment = await ask("interaction.say", { path: { id: video.id }, ...attempt.of(content.trim(), make) });
    attempt.finish();
    showComment(comment);
    // A comment that waits for a moderator is not counted yet.
    if (!comment.is_held) {
      if (to) patchComment(to.root.id, { reply_count: to.root.reply_count + 1 });
      patchVideo(video.id, { comment_count: video.comment_count + 1 });
    }
    setContent("");
    onDone?.();
  });

  if (me === null) return <LoginToComment onEntered={() => setInvited(true)} />;
  const label = to
    ? t("comments.replyTo", { name: to.parent.user.nickname || to.parent.user.username })
    : t("comments.say");
  return (
    <div className="flex flex-col gap-2">
      <CommentField
        {...{ me, label, content, isBusy }}
        isFocused={to !== undefined || isInvited}
        onChange={setContent}
        onSend={() => void send()}
        {...(onDone && { onCancel: onDone })}
      />
      {problem !== null && <Problem>{problem}</Problem>}
    </div>
  );
}

interface CommentFieldProps {
  me: User | undefined;
  label: string;
  content: string;
  isBusy: boolean;
  isFocused?: boolean;
  onChange: (content: string) => void;
  onSend: () => void;
  onCancel?: () => void;
}

/** One line that grows with its text, between the viewer's picture and the button that sends it. */
export function CommentField(props: CommentFieldProps) {
  const { me, label, content, isBusy, isFocused = false, onChange, onSend, onCancel } = props;
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const over = charactersIn(content.trim()) - lengthMax;
  const isSendable = content.trim() !== "" && over <= 0 && !isBusy;
  const submit = (event?: SubmitEvent<HTMLFormElement>) => {
    event?.preventDefault();
    if (!isSendable) return;
    // Its button is disabled while it is sent and after that, so a keyboard would lose its place.
    if (document.activeElement?.matches("button:focus-visible") === true) field.current?.focus();
    onSend();
  };
  return (
    <form onSubmit={submit}>
      <div className="flex items-end gap-2.5">
        {me === undefined ? <span className="size-9" /> : <Avatar user={me} size="comment" className="mb-0.5" />}
        <TextField
          aria-label={label}
          value={content}
          onChange={onChange}
          isInvalid={over > 0}
          validationBehavior="aria"
          autoFocus={isFocused}
          className="flex min-w-0 flex-1 items-end rounded-[20px] bg-raised pe-1"
          onKeyDown={(event) => {
            if (event.key === "Escape" && onCancel !== undefined) onCancel();
            if (event.key !== "Enter" || event.nativeEvent.isComposing || event.shiftKey) return;
            // A phone's keyboard has no other way to a new line.
            if (!event.ctrlKey && !event.metaKey && window.matchMedia("(pointer: coarse)").matches) return;
            event.preventDefault();
            submit();
          }}
        >
          <TextArea
            ref={field}
            rows={1}
            placeholder={label}
            className="field-sizing-content max-h-36 min-h-10 min-w-0 flex-1 resize-none bg-transparent py-2.5 ps-4 text-base/5 text-ink outline-none! placeholder:text-faint pointer-fine:text-sm/5"
          />
          <EmojiButton onPick={(emoji) => insert(field, emoji, content, onChange)} />
        </TextField>
        <BareButton
          type="submit"
          aria-label={t("comments.send")}
          isDisabled={!isSendable}
          className="grid size-10 shrink-0 place-items-center rounded-full text-link hover:bg-raised disabled:text-faint"
        >
          {isBusy ? (
            <LoaderCircle size={20} aria-hidden className="animate-spin" />
          ) : (
            <SendHorizontal size={20} aria-hidden className="rtl:-scale-x-100" />
          )}
        </BareButton>
      </div>
      {over > 0 && (
        <p role="alert" className="mt-1 ps-12 text-xs text-bad">
          {t("field.tooLong", { count: over })}
        </p>
      )}
    </form>
  );
}

/** Puts an emoji where the text cursor is, and the cursor after it. */
function insert(
  field: RefObject<HTMLTextAreaElement | null>,
  emoji: string,
  content: string,
  onChange: (content: string) => void,
): void {
  const { selectionStart = content.length, selectionEnd = content.length } = field.current ?? {};
  onChange(content.slice(0, selectionStart) + emoji + content.slice(selectionEnd));
  requestAnimationFrame(() => {
    field.current?.focus();
    field.current?.setSelectionRange(selectionStart + emoji.length, selectionStart + emoji.length);
  });
}

function LoginToComment({ onEntered }: { onEntered: () => void }) {
  const { t } = useTranslation();
  const logIn = async () => {
    if (await logInFor(t("comments.loginFirst"))) onEntered();
  };
  return (
    <p className="rounded-[20px] bg-raised px-4 text-soft">
      <BareButton
        onPress={() => void logIn()}
        className="inline-flex min-h-10 items-center font-semibold text-link hover:underline"
      >
        {t("nav.login")}
      </BareButton>{" "}
      {t("comments.loginTo")}
    </p>
  );
}
