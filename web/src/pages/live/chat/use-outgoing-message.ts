import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { useFollowedRoom } from "../feed/use-room-feed.ts";

export interface OutgoingMessage {
  readonly isBusy: boolean;
  /** Why the last message was not sent, or that it waits. */
  readonly note: { readonly text: string; readonly isProblem: boolean } | null;
  /** Until when the next message waits, in ms; 0 where it need not. */
  readonly waitUntilMs: number;
  /** Resolves to whether it was taken. */
  readonly send: (text: string) => Promise<boolean>;
  readonly forget: () => void;
}

/** Writes in the chat of a room. A refused message stays in the field, with the reason below it. */
export function useOutgoingMessage(liveId: number): OutgoingMessage {
  const { t } = useTranslation();
  const room = useFollowedRoom();
  const textOf = useErrorText();
  const [attempt] = useState(() => new Attempt<{ content: string }>());
  const [note, setNote] = useState<OutgoingMessage["note"]>(null);
  const [waitUntilMs, setWaitUntilMs] = useState(0);
  const { run: send, isBusy } = useAction(
    async (text: string) => {
      setNote(null);
      const { message, is_held } = await ask("live.say", {
        path: { id: liveId },
        ...attempt.of(text, () => ({ content: text })),
      });
      attempt.finish();
      if (message !== null) room.addOwnMessage(message);
      if (is_held) setNote({ text: t("room.held"), isProblem: false });
      const { rules, mayModerate } = room.view();
      if (rules !== null && rules.slowModeS > 0 && !mayModerate) setWaitUntilMs(Date.now() + rules.slowModeS * 1_000);
    },
    { onFailure: (thrown) => refuse(thrown) },
  );
  const refuse = (thrown: unknown) => {
    const { code, status, retryAfterMs, until } = asFailure(thrown);
    // Without an answer it may have been taken: the next attempt is the same one.
    if (status !== 0) attempt.finish();
    if (code === "live.slow_mode" || code === "live.chat_too_fast")
      setWaitUntilMs(Date.now() + (retryAfterMs ?? 1_000));
    else setNote({ text: textOf(thrown), isProblem: true });
    if (code === "live.muted") room.setMuted(until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until));
    if (code === "live.chat_closed" || code === "live.followers_only") void room.refresh().catch(() => undefined);
  };
  return { isBusy, note, waitUntilMs, send, forget: useCallback(() => setNote(null), []) };
}
