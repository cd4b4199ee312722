// Made by `npm run generate` from the contract of message.
namespace * kinora.message.v1

include "failure.thrift"

struct SendRequest {
  1: i64 receiver_id
  2: optional string content
  3: optional i64 type
  4: optional string media_url
  5: optional i64 video_id
}

struct SendResponse {
  1: i64 id
  2: i64 conversation_id
  3: i64 sender_id
  4: i64 receiver_id
  5: i64 type
  6: string content
  7: string media_url
  8: optional i64 video_id
  9: bool is_read
  10: optional i64 read_at_ms
  11: bool is_mine
  12: i64 created_at_ms
}

struct GetRequest {
  1: i64 id
}

struct GetResponse {
  1: i64 id
  2: i64 conversation_id
  3: i64 sender_id
  4: i64 receiver_id
  5: i64 type
  6: string content
  7: string media_url
  8: optional i64 video_id
  9: bool is_read
  10: optional i64 read_at_ms
  11: bool is_mine
  12: i64 created_at_ms
}

struct ConversationsRequest {
  1: optional string folder
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct Message {
  1: i64 id
  2: i64 conversation_id
  3: i64 sender_id
  4: i64 receiver_id
  5: i64 type
  6: string content
  7: string media_url
  8: optional i64 video_id
  9: bool is_read
  10: optional i64 read_at_ms
  11: bool is_mine
  12: i64 created_at_ms
}

struct Conversation {
  1: i64 id
  2: i64 user_id
  3: optional Message last_message
  4: i64 unread_count
  5: bool is_request
  6: i64 updated_at_ms
}

struct ConversationsResponse {
  1: list<Conversation> items
  2: optional string next_
  3: optional i64 total
}

struct ConversationRequest {
  1: i64 id
}

struct ConversationResponse {
  1: i64 id
  2: i64 user_id
  3: optional Message last_message
  4: i64 unread_count
  5: bool is_request
  6: i64 updated_at_ms
}

struct ConversationWithRequest {
  1: i64 id
}

struct ConversationWithResponse {
  1: optional i64 conversation_id
}

struct MessagesRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct MessagesResponse {
  1: list<Message> items
  2: optional string next_
  3: optional i64 total
}

struct ReadConversationRequest {
  1: i64 id
}

struct ReadConversationResponse {
  1: i64 unread_count
}

struct AcceptRequest {
  1: i64 id
}

struct AcceptResponse {
}

struct RemoveConversationRequest {
  1: i64 id
}

struct RemoveConversationResponse {
}

struct NotificationsRequest {
  1: optional i64 type
  2: optional bool unread
  3: optional bool merged
  4: optional string cursor
  5: optional i64 skip
  6: optional i64 limit
  7: optional bool count
}

struct Notification {
  1: i64 id
  2: i64 type
  3: string kind
  4: i64 group_id
  5: optional i64 sender_id
  6: list<i64> sender_ids
  7: i64 sender_count
  8: i64 count
  9: optional i64 related_id
  10: optional i64 video_id
  11: optional i64 comment_id
  16: optional i64 live_id
  17: optional string alert
  12: string title
  13: string content
  14: bool is_read
  15: i64 created_at_ms
}

struct NotificationsResponse {
  1: list<Notification> items
  2: optional string next_
  3: optional i64 total
  4: i64 unread_count
}

struct ReadNotificationRequest {
  1: i64 id
  2: optional bool merged
}

struct ReadNotificationResponse {
  1: i64 id
  2: i64 type
  3: string kind
  4: i64 group_id
  5: optional i64 sender_id
  6: list<i64> sender_ids
  7: i64 sender_count
  8: i64 count
  9: optional i64 related_id
  10: optional i64 video_id
  11: optional i64 comment_id
  16: optional i64 live_id
  17: optional string alert
  12: string title
  13: string content
  14: bool is_read
  15: i64 created_at_ms
}

struct ReadAllRequest {
}

struct ReadAllResponse {
  1: i64 count
}

struct SettingsRequest {
}

struct SettingsResponse_Mail {
  1: bool like
  2: bool comment
  3: bool reply
  4: bool mention
  5: bool comment_like
  6: bool follow
  7: bool published
  8: bool account
}

struct SettingsResponse_Push {
  1: bool like
  2: bool comment
  3: bool reply
  4: bool mention
  5: bool comment_like
  6: bool follow
  7: bool published
  10: bool live
  8: bool account
  9: bool message
}

struct SettingsResponse {
  1: bool like
  2: bool comment
  3: bool reply
  4: bool mention
  5: bool comment_like
  6: bool follow
  7: bool published
  10: bool live
  8: optional SettingsResponse_Mail mail
  9: optional SettingsResponse_Push push
}

struct SetSettingsRequest_Mail {
  1: optional bool like
  2: optional bool comment
  3: optional bool reply
  4: optional bool mention
  5: optional bool comment_like
  6: optional bool follow
  7: optional bool published
  8: optional bool account
}

struct SetSettingsRequest_Push {
  1: optional bool like
  2: optional bool comment
  3: optional bool reply
  4: optional bool mention
  5: optional bool comment_like
  6: optional bool follow
  7: optional bool published
  10: optional bool live
  8: optional bool account
  9: optional bool message
}

struct SetSettingsRequest {
  1: optional bool like
  2: optional bool comment
  3: optional bool reply
  4: optional bool mention
  5: optional bool comment_like
  6: optional bool follow
  7: optional bool published
  10: optional bool live
  8: optional SetSettingsRequest_Mail mail
  9: optional SetSettingsRequest_Push push
}

struct SetSettingsResponse_Mail {
  1: bool like
  2: bool comment
  3: bool reply
  4: bool mention
  5: bool comment_like
  6: bool follow
  7: bool published
  8: bool account
}

struct SetSettingsResponse_Push {
  1: bool like
  2: bool comment
  3: bool reply
  4: bool mention
  5: bool comment_like
  6: bool follow
  7: bool published
  10: bool live
  8: bool account
  9: bool message
}

struct SetSettingsResponse {
  1: bool like
  2: bool comment
  3: bool reply
  4: bool mention
  5: bool comment_like
  6: bool follow
  7: bool published
  10: bool live
  8: optional SetSettingsResponse_Mail mail
  9: optional SetSettingsResponse_Push push
}

struct EndMailsRequest {
  1: string token
}

struct EndMailsResponse {
}

struct PushKeyRequest {
}

struct PushKeyResponse {
  1: string public_key
}

struct SubscribeRequest_Keys {
  1: string p256dh
  2: string auth
}

struct SubscribeRequest {
  1: string endpoint
  2: optional SubscribeRequest_Keys keys
}

struct SubscribeResponse {
}

struct UnsubscribeRequest {
  1: string endpoint
}

struct UnsubscribeResponse {
}

struct UnreadRequest {
}

struct UnreadResponse {
  1: i64 message_count
  2: i64 request_count
  3: i64 notification_count
}

struct UpdatesRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct UnreadCounts {
  1: i64 message_count
  2: i64 request_count
  3: i64 notification_count
}

struct Update {
  1: i64 seq
  2: string type
  3: optional i64 conversation_id
  4: optional Message message
  5: optional Notification notification
  6: optional UnreadCounts unread
  7: i64 created_at_ms
}

struct UpdatesResponse {
  1: list<Update> items
  2: i64 seq
  3: bool reset
}

struct TicketRequest {
}

struct TicketResponse {
  1: string ticket
  2: i64 expires_at_ms
}

struct RedeemRequest {
  1: string ticket
}

struct RedeemResponse {
  1: i64 user_id
  2: string session_id
}

struct FollowRequest {
  1: i64 user_id
}

struct FollowResponse {
  1: i64 seq
}

struct AttachmentRequest {
  1: i64 id
}

struct AttachmentResponse {
  1: i64 media_id
}

struct ChatRequest {
  1: i64 user_id
  2: optional i64 after
  3: optional i64 limit
}

struct ChatResponse {
  1: list<Message> items
}

struct LatestWithRequest {
  1: list<i64> user_ids
}

struct LatestWithResponse_Items {
  1: i64 user_id
  2: optional Message message
}

struct LatestWithResponse {
  1: list<LatestWithResponse_Items> items
}

struct MutedUsersRequest {
  1: optional i64 after
  2: i64 limit
}

struct MutedUsersResponse_Items {
  1: i64 user_id
  2: string kind
  3: optional i64 until_ms
  4: string reason
}

struct MutedUsersResponse {
  1: list<MutedUsersResponse_Items> items
}

struct DeadJobsRequest {
  1: optional i64 before
  2: i64 limit
}

struct DeadJobsResponse_Items {
  1: i64 id
  2: string kind
  3: i64 tries
  4: optional string error
  5: optional i64 owner_id
  6: i64 created_at_ms
  7: i64 died_at_ms
}

struct DeadJobsResponse {
  1: list<DeadJobsResponse_Items> items
}

struct RetryJobRequest {
  1: i64 id
}

struct RetryJobResponse {
  1: string result
}

struct DiscardJobRequest {
  1: i64 id
}

struct DiscardJobResponse {
  1: bool is_there
}

struct DeadEventsRequest_After {
  1: i64 died_at_ms
  2: string id
}

struct DeadEventsRequest {
  1: optional DeadEventsRequest_After after
  2: i64 limit
}

struct DeadEventsResponse_Items {
  1: string id
  2: string type
  3: i64 subject_id
  4: i64 tries
  5: string error
  6: i64 died_at_ms
}

struct DeadEventsResponse {
  1: list<DeadEventsResponse_Items> items
}

struct RetryEventRequest {
  1: string id
}

struct RetryEventResponse {
  1: bool is_there
}

struct DiscardEventRequest {
  1: string id
}

struct DiscardEventResponse {
  1: bool is_there
}

service MessageService {
  /** Sends a message: text, or a picture, video or voice of the caller with or without text. Who may call: user. */
  SendResponse Send(1: SendRequest request) throws (1: failure.Failure failure)

  /** A message the caller sent or received. Who may call: user. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** The caller's conversations, latest first; `folder` selects message requests, or all others. Who may call: user. */
  ConversationsResponse Conversations(1: ConversationsRequest request) throws (1: failure.Failure failure)

  /** A conversation of the caller. Who may call: user. */
  ConversationResponse Conversation(1: ConversationRequest request) throws (1: failure.Failure failure)

  /** The conversation with a user; null before the first message. Who may call: user. */
  ConversationWithResponse ConversationWith(1: ConversationWithRequest request) throws (1: failure.Failure failure)

  /** The messages of a conversation, newest first. Who may call: user. */
  MessagesResponse Messages(1: MessagesRequest request) throws (1: failure.Failure failure)

  /** Marks a conversation as read; the other user gets a read receipt, unless it is a request. Who may call: user. */
  ReadConversationResponse ReadConversation(1: ReadConversationRequest request) throws (1: failure.Failure failure)

  /** Accepts a message request; a reply does the same. Who may call: user. */
  AcceptResponse Accept(1: AcceptRequest request) throws (1: failure.Failure failure)

  /** Removes a conversation for the caller; the other user keeps it, and it returns with a new message. Who may call: user. */
  RemoveConversationResponse RemoveConversation(1: RemoveConversationRequest request) throws (1: failure.Failure failure)

  /** The caller's notifications, latest first; `merged` merges those about one subject within a day. Who may call: user. */
  NotificationsResponse Notifications(1: NotificationsRequest request) throws (1: failure.Failure failure)

  /** Marks a notification as read; with `merged` all that it stands for. Who may call: user. */
  ReadNotificationResponse ReadNotification(1: ReadNotificationRequest request) throws (1: failure.Failure failure)

  /** Marks all notifications as read; yields how many were new. Who may call: user. */
  ReadAllResponse ReadAll(1: ReadAllRequest request) throws (1: failure.Failure failure)

  /** Which kinds of notification the caller gets. Who may call: user. */
  SettingsResponse Settings(1: SettingsRequest request) throws (1: failure.Failure failure)

  /** Changes which kinds of notification the caller gets; omitted kinds keep their setting. Who may call: user. */
  SetSettingsResponse SetSettings(1: SetSettingsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  EndMailsResponse EndMails(1: EndMailsRequest request) throws (1: failure.Failure failure)

  /** The key that a browser's push subscription is made with (VAPID, RFC 8292). Who may call: user. */
  PushKeyResponse PushKey(1: PushKeyRequest request) throws (1: failure.Failure failure)

  /** Sends push messages to a device of the caller while the session lasts: its subscription, as the browser gives it. Who may call: user. */
  SubscribeResponse Subscribe(1: SubscribeRequest request) throws (1: failure.Failure failure)

  /** Ends push messages to a device of the caller. Who may call: user. */
  UnsubscribeResponse Unsubscribe(1: UnsubscribeRequest request) throws (1: failure.Failure failure)

  /** The caller's unread counts. Who may call: user. */
  UnreadResponse Unread(1: UnreadRequest request) throws (1: failure.Failure failure)

  /** The caller's updates after `after`, as on the WebSocket; `reset` where that is too old: read the lists again and continue from `seq`. Who may call: user. */
  UpdatesResponse Updates(1: UpdatesRequest request) throws (1: failure.Failure failure)

  /** A ticket that opens the WebSocket once, within 30 seconds. Who may call: user. */
  TicketResponse Ticket(1: TicketRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RedeemResponse Redeem(1: RedeemRequest request) throws (1: failure.Failure failure)

  // Follow is a stream of FollowResponse, which Thrift does not have.

  /** Who may call: service. */
  AttachmentResponse Attachment(1: AttachmentRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ChatResponse Chat(1: ChatRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  LatestWithResponse LatestWith(1: LatestWithRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  MutedUsersResponse MutedUsers(1: MutedUsersRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DeadJobsResponse DeadJobs(1: DeadJobsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RetryJobResponse RetryJob(1: RetryJobRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DiscardJobResponse DiscardJob(1: DiscardJobRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DeadEventsResponse DeadEvents(1: DeadEventsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RetryEventResponse RetryEvent(1: RetryEventRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DiscardEventResponse DiscardEvent(1: DiscardEventRequest request) throws (1: failure.Failure failure)
}
