import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { keyOf } from "#base/api/keys.ts";
import { conversationQuery } from "#base/api/message-queries.ts";
import { useMe, userQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { ErrorState } from "#base/ui/states/states.tsx";
import { Chat } from "./chat.tsx";
import { RowsSkeleton } from "./conversation-list.tsx";
import { InboxFrame } from "./frame.tsx";

export function InboxPage() {
  return <InboxFrame part="inbox" />;
}

export function RequestsPage() {
  return <InboxFrame part="requests" />;
}

export function NotificationsPage() {
  return <InboxFrame part="notifications" />;
}

export function ConversationPage() {
  const { id } = useParams({ from: "/inbox/$id" });
  const me = useMe();
  const query = useQuery({ ...conversationQuery(id), enabled: me != null });
  const conversation = query.data;
  return (
    <InboxFrame
      part={conversation?.is_request === true ? "requests" : "inbox"}
      open={
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
    />
  );
}

/** A conversation with a user by name, whether there was one before or not. */
export function NewConversationPage() {
  const { username } = useParams({ from: "/inbox/to/$username" });
  const me = useMe();
  const user = useQuery({ ...userQuery(username), enabled: me != null });
  const id = user.data?.id ?? 0;
  const before = useQuery({
    queryKey: keyOf("conversation-with", id),
    queryFn: ({ signal }) => ask("message.conversationWith", { path: { id }, signal }),
    enabled: id > 0,
    staleTime: 0,
  });
  const failed = user.isError ? user : before.isError ? before : undefined;
  return (
    <InboxFrame
      part="inbox"
      open={
        user.data !== undefined && before.data !== undefined ? (
          <Chat key={id} other={user.data} conversationId={before.data.conversation_id} />
        ) : failed !== undefined ? (
          <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
        ) : (
          <RowsSkeleton />
        )
      }
    />
  );
}
