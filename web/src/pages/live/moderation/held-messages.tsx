import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { HeldLiveMessage } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { useRoomView } from "../feed/use-room-feed.ts";
import { heldQuery } from "./queries.ts";

/** Messages that wait for the host or a moderator, above the chat. */
export function HeldMessages({ liveId }: { liveId: number }) {
  const { t } = useTranslation();
  const heldCount = useRoomView((view) => view.heldCount);
  const connection = useRoomView((view) => view.connection);
  const query = useQuery(heldQuery(liveId));
  // Messages that were held while the connection was lost were sent to no page.
  useEffect(() => {
    if (heldCount > 0 || connection === "open") void invalidate(heldQuery(liveId).queryKey);
  }, [heldCount, connection, liveId]);
  const list = query.data?.list ?? [];
  if (list.length === 0) return null;
  return (
    <section aria-labelledby="held" className="mx-3 mb-2 flex min-h-0 shrink-0 flex-col">
      <h3 id="held" aria-live="polite" className="px-1 pb-1.5 text-sm font-semibold text-warn">
        {t("mod.held", { count: list.length })}
      </h3>
      <ul className="flex max-h-64 flex-col gap-2 overflow-y-auto">
        {list.map((message) => (
          <HeldRow key={message.id} liveId={liveId} message={message} />
        ))}
      </ul>
    </section>
  );
}

function HeldRow({ liveId, message }: { liveId: number; message: HeldLiveMessage }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { queryKey } = heldQuery(liveId);
  const path = { id: liveId, held_id: message.id };
  const settle = async (work: () => Promise<unknown>) => {
    queryClient.setQueryData(
      queryKey,
      (held) => held && { ...held, list: held.list.filter(({ id }) => id !== message.id) },
    );
    try {
      await work();
    } catch (thrown) {
      // Another moderator was faster.
      if (asFailure(thrown).code !== "live.message_not_found") showToast(text(thrown));
      void invalidate(queryKey);
    }
  };
  const why = message.reason === "link" ? "link" : message.reason.startsWith("word") ? "word" : "site";
  return (
    <li className="rounded-xl bg-raised p-2.5">
      <div className="flex gap-2">
        <Avatar user={{ ...message, id: message.user_id }} size="tiny" />
        <p className="min-w-0 flex-1 text-sm/5 wrap-anywhere">
          <bdi className="font-semibold text-soft">{message.nickname || message.username}</bdi>{" "}
          <bdi>{message.content}</bdi>
        </p>
      </div>
      <div className="mt-2 flex items-center gap-2">
        <span className="min-w-0 flex-1 text-xs text-warn">{t(`mod.held.${why}`)}</span>
        <Button
          className="min-h-8! bg-strong!"
          onPress={() => void settle(() => ask("live.allowHeld", { path, body: {} }))}
        >
          {t("mod.allow")}
        </Button>
        <Button className="min-h-8! bg-strong!" onPress={() => void settle(() => ask("live.hideHeld", { path }))}>
          {t("mod.hide")}
        </Button>
      </div>
    </li>
  );
}
