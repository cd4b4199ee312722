import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, Trash2 } from "lucide-react";
import { Fragment, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { messagesQuery } from "#base/api/message-queries.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Message, UserBrief } from "#base/api/types.ts";
import { formatDayHeading, isSameDay } from "#base/format/day-heading.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { ErrorState, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Pending, Said } from "./bubble.tsx";
import { Composer } from "./composer.tsx";
import { useNameOf } from "./conversation-list.tsx";
import { retry, send, useOutgoing } from "./outbox.ts";

interface ChatProps {
  other: Pick<UserBrief, "id" | "username" | "nickname" | "avatar">;
  /** Null before the first message. */
  conversationId: number | null;
  isRequest?: boolean;
}

/** The messages of a conversation, the latest at the bottom. */
export function Chat({ other, conversationId, isRequest = false }: ChatProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = useNameOf()(other);
  const isDeleted = other.username === "";
  const outgoing = useOutgoing(other.id);
  const openConversation = (id: number | null) => {
    if (id !== null && id !== conversationId) void navigate({ to: "/inbox/$id", params: { id }, replace: true });
  };
  return (
    <section aria-label={name} className="-mb-6 flex h-[calc(100dvh-var(--bar)-var(--top))] flex-col lg2:mb-0">
      <header className="flex min-h-14 items-center gap-2 border-b border-line px-2">
        <Link to="/inbox" aria-label={t("chat.back")} className="grid size-11 place-items-center rounded-lg lg2:hidden">
          <ArrowLeft size={22} aria-hidden className="rtl:-scale-x-100" />
        </Link>
        <Avatar user={{ ...other, nickname: name }} />
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          {isDeleted ? (
            name
          ) : (
            <Link to="/@{$username}" params={{ username: other.username }} className="hover:underline">
              {name}
            </Link>
          )}
        </h2>
        {conversationId !== null && <Delete id={conversationId} />}
      </header>
      <div className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto px-4 py-3">
        <div role="log" aria-label={t("chat.said")}>
          <ol className="flex flex-col gap-1.5">
            {conversationId === null ? (
              outgoing.length === 0 && <li className="py-10 text-center text-soft">{t("chat.begin")}</li>
            ) : (
              <History id={conversationId} name={name} />
            )}
            {outgoing.map((pending) => (
              <Pending
                key={pending.key}
                outgoing={pending}
                onRetry={() => void retry(pending).then(openConversation)}
              />
            ))}
          </ol>
        </div>
      </div>
      {isRequest && conversationId !== null && <Request id={conversationId} name={name} />}
      {isDeleted ? (
        <p className="border-t border-line px-4 py-4 text-center text-soft">{t("chat.gone")}</p>
      ) : (
        <Composer
          key={other.id}
          receiverId={other.id}
          onSend={(content, file) => void send(other.id, content, file).then(openConversation)}
        />
      )}
    </section>
  );
}

function History({ id, name }: { id: number; name: string }) {
  const { t, i18n } = useTranslation();
  const query = useInfiniteQuery(messagesQuery(id));
  const top = useRef<HTMLLIElement>(null);
  const messages = (query.data?.pages.flatMap((page) => page.list) ?? []).toReversed();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const latest = messages.at(-1);
  const isNew = latest !== undefined && !latest.is_mine && !latest.is_read;

  useEffect(() => {
    const mark = top.current;
    // A failed page is requested again by hand alone.
    if (mark === null || !hasNextPage || isFetchingNextPage || isFetchNextPageError) return undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true) void fetchNextPage();
    });
    observer.observe(mark);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  useEffect(() => {
    // A message that arrives while the page is hidden is not read.
    const read = () => {
      if (!isNew || document.visibilityState !== "visible") return;
      ask("message.readConversation", { path: { id }, body: {} }).catch(() => undefined);
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [id, isNew, latest?.id]);

  if (query.isError && query.data === undefined) {
    return (
      <li>
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </li>
    );
  }
  const lastOwn = messages.findLast((message) => message.is_mine)?.id;
  return (
    <>
      <li ref={top} className="text-center">
        <LoadMore query={query} name={t("chat.older")} />
      </li>
      {messages.map((message, place) => {
        const sentMs = Date.parse(message.created_at);
        const [previous, next] = [messages[place - 1], messages[place + 1]];
        return (
          <Fragment key={message.id}>
            {(previous === undefined || !isSameDay(sentMs, Date.parse(previous.created_at))) && (
              <li className="py-2 text-center text-xs text-soft">
                {formatDayHeading(sentMs, Date.now(), i18n.language)}
              </li>
            )}
            <Said message={message} name={name} isLast={message.id === lastOwn} isEnd={!isInRow(message, next)} />
          </Fragment>
        );
      })}
    </>
  );
}

/** Messages of one side shortly after each other have one time. */
const rowMsMax = 300_000;
const isInRow = (message: Message, next: Message | undefined): boolean =>
  next !== undefined &&
  next.is_mine === message.is_mine &&
  Date.parse(next.created_at) - Date.parse(message.created_at) < rowMsMax;

const refreshLists = (id: number) => invalidate(keyOf("conversations"), keyOf("conversation", id), keyOf("unread"));

function useRemove(id: number): () => void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const text = useErrorText();
  return () => {
    ask("message.removeConversation", { path: { id } })
      .then(async () => {
        await navigate({ to: "/inbox" });
        showToast(t("chat.delete.done"));
        queryClient.removeQueries({ queryKey: keyOf("messages", id) });
        await refreshLists(id);
      })
      .catch((thrown: unknown) => void showToast(text(thrown)));
  };
}

function Request({ id, name }: { id: number; name: string }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const remove = useRemove(id);
  const accept = () => {
    ask("message.accept", { path: { id }, body: {} })
      .then(() => refreshLists(id))
      .catch((thrown: unknown) => void showToast(text(thrown)));
  };
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-3">
      <p className="min-w-56 flex-1 text-sm text-soft">{t("chat.request", { name })}</p>
      <Button look="danger" onPress={remove}>
        {t("chat.decline")}
      </Button>
      <Button look="main" onPress={accept}>
        {t("chat.accept")}
      </Button>
    </div>
  );
}

function Delete({ id }: { id: number }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const remove = useRemove(id);
  return (
    <>
      <IconButton label={t("chat.delete")} onPress={() => setAsked(true)}>
        <Trash2 size={20} aria-hidden />
      </IconButton>
      <Sheet title={t("chat.delete")} isOpen={isAsked} onClose={() => setAsked(false)}>
        <p className="mb-4 text-base">{t("chat.delete.text")}</p>
        <div className="flex justify-end gap-2">
          <Button onPress={() => setAsked(false)}>{t("chat.cancel")}</Button>
          <Button
            look="danger"
            onPress={() => {
              setAsked(false);
              remove();
            }}
          >
            {t("chat.delete")}
          </Button>
        </div>
      </Sheet>
    </>
  );
}
