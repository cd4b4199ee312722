import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { useMe, userQuery } from "../api/queries.ts";
import { ReelDrawing } from "../ui/illustrations.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { Chat } from "./chat.tsx";
import { ConversationList, RowsSkeleton } from "./conversation-list.tsx";
import { InboxFrame } from "./frame.tsx";
import { Notifications } from "./notifications.tsx";
import { conversationQuery } from "./queries.ts";

export function InboxPage() {
  return (
    <InboxFrame beside={<Nothing />}>
      <ConversationList folder="inbox" />
    </InboxFrame>
  );
}

export function RequestsPage() {
  return (
    <InboxFrame beside={<Nothing />}>
      <ConversationList folder="requests" />
    </InboxFrame>
  );
}

export function NotificationsPage() {
  return (
    <InboxFrame>
      <Notifications />
    </InboxFrame>
  );
}

/** The placeholder beside the list while no conversation is open. */
function Nothing() {
  const { t } = useTranslation();
  return <State drawing={<ReelDrawing />} title={t("inbox.choose.title")} text={t("inbox.choose.text")} />;
}

export function ConversationPage() {
  const { id } = useParams({ from: "/inbox/$id" });
  const me = useMe();
  const query = useQuery({ ...conversationQuery(id), enabled: me != null });
  const conversation = query.data;
  return (
    <InboxFrame
      isOpen
      beside={
        conversation !== undefined ? (
          <Chat
            key={id}
            other={{
              id: conversation.user_id,
              username: conversation.username,
              nickname: conversation.nickname,
              avatar: conversation.avatar,
            }}
            conversationId={id}
            isRequest={conversation.is_request}
          />
        ) : query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton />
        )
      }
    >
      <ConversationList folder={conversation?.is_request === true ? "requests" : "inbox"} />
    </InboxFrame>
  );
}

/** A conversation with a user by name, whether there was one before or not. */
export function NewConversationPage() {
  const { username } = useParams({ from: "/inbox/to/$username" });
  const me = useMe();
  const user = useQuery({ ...userQuery(username), enabled: me != null });
  const id = user.data?.id ?? 0;
  const before = useQuery({
    queryKey: ["conversation-with", id],
    queryFn: ({ signal }) => ask("message.conversationWith", { path: { id }, signal }),
    enabled: id > 0,
    staleTime: 0,
  });
  const failed = user.isError ? user : before.isError ? before : undefined;
  return (
    <InboxFrame
      isOpen
      beside={
        user.data !== undefined && before.data !== undefined ? (
          <Chat key={id} other={user.data} conversationId={before.data.conversation_id} />
        ) : failed !== undefined ? (
          <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
        ) : (
          <RowsSkeleton />
        )
      }
    >
      <ConversationList folder="inbox" />
    </InboxFrame>
  );
}
