// Made by `npm run generate` from the contract of interaction.
namespace * kinora.interaction.v1

include "failure.thrift"

struct LikeRequest {
  1: i64 id
}

struct LikeResponse {
  1: bool liked
  2: i64 like_count
}

struct UnlikeRequest {
  1: i64 id
}

struct UnlikeResponse {
  1: bool liked
  2: i64 like_count
}

struct LikesRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct LikedItem {
  1: i64 video_id
  2: i64 liked_at_ms
}

struct LikesResponse {
  1: list<LikedItem> items
  2: optional string next_
  3: optional i64 total
}

struct FavoriteRequest {
  1: i64 id
  2: optional i64 folder_id
}

struct FavoriteResponse {
  1: bool favorited
  2: i64 favorite_count
}

struct UnfavoriteRequest {
  1: i64 id
}

struct UnfavoriteResponse {
  1: bool favorited
  2: i64 favorite_count
}

struct FavoritesRequest {
  1: i64 id
  2: optional i64 folder_id
  3: optional string cursor
  4: optional i64 skip
  5: optional i64 limit
  6: optional bool count
}

struct FavoriteItem {
  1: i64 video_id
  2: optional i64 folder_id
  3: i64 kept_at_ms
}

struct FavoritesResponse {
  1: list<FavoriteItem> items
  2: optional string next_
  3: optional i64 total
}

struct FoldersRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct FavoriteFolder {
  1: i64 id
  2: i64 user_id
  3: string name
  4: bool is_public
  5: i64 video_count
  6: i64 created_at_ms
}

struct FoldersResponse {
  1: list<FavoriteFolder> items
  2: optional string next_
  3: optional i64 total
}

struct MakeFolderRequest {
  1: string name
  2: optional bool is_public
}

struct MakeFolderResponse {
  1: i64 id
  2: i64 user_id
  3: string name
  4: bool is_public
  5: i64 video_count
  6: i64 created_at_ms
}

struct ChangeFolderRequest {
  1: i64 id
  2: optional string name
  3: optional bool is_public
}

struct ChangeFolderResponse {
}

struct RemoveFolderRequest {
  1: i64 id
}

struct RemoveFolderResponse {
}

struct CommentsRequest {
  1: i64 id
  2: optional string sort
  3: optional string cursor
  4: optional i64 skip
  5: optional i64 limit
  6: optional bool count
}

struct Comment {
  1: i64 id
  2: i64 video_id
  3: i64 user_id
  4: string content
  5: optional i64 parent_id
  6: optional i64 root_id
  7: optional i64 reply_to_user_id
  8: i64 like_count
  9: i64 reply_count
  10: bool is_liked
  11: bool is_mine
  12: bool is_pinned
  13: bool is_held
  14: bool is_by_owner
  15: i64 created_at_ms
  16: optional i64 edited_at_ms
}

struct CommentsResponse {
  1: list<Comment> items
  2: optional string next_
  3: optional i64 total
}

struct RepliesRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct RepliesResponse {
  1: list<Comment> items
  2: optional string next_
  3: optional i64 total
}

struct AllCommentsRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct AllCommentsResponse {
  1: list<Comment> items
  2: optional string next_
  3: optional i64 total
}

struct CommentRequest {
  1: i64 id
}

struct CommentResponse {
  1: i64 id
  2: i64 video_id
  3: i64 user_id
  4: string content
  5: optional i64 parent_id
  6: optional i64 root_id
  7: optional i64 reply_to_user_id
  8: i64 like_count
  9: i64 reply_count
  10: bool is_liked
  11: bool is_mine
  12: bool is_pinned
  13: bool is_held
  14: bool is_by_owner
  15: i64 created_at_ms
  16: optional i64 edited_at_ms
}

struct SayRequest {
  1: i64 id
  2: string content
  3: optional i64 parent_id
}

struct SayResponse {
  1: i64 id
  2: i64 video_id
  3: i64 user_id
  4: string content
  5: optional i64 parent_id
  6: optional i64 root_id
  7: optional i64 reply_to_user_id
  8: i64 like_count
  9: i64 reply_count
  10: bool is_liked
  11: bool is_mine
  12: bool is_pinned
  13: bool is_held
  14: bool is_by_owner
  15: i64 created_at_ms
  16: optional i64 edited_at_ms
}

struct EditCommentRequest {
  1: i64 id
  2: string content
}

struct EditCommentResponse {
  1: i64 id
  2: i64 video_id
  3: i64 user_id
  4: string content
  5: optional i64 parent_id
  6: optional i64 root_id
  7: optional i64 reply_to_user_id
  8: i64 like_count
  9: i64 reply_count
  10: bool is_liked
  11: bool is_mine
  12: bool is_pinned
  13: bool is_held
  14: bool is_by_owner
  15: i64 created_at_ms
  16: optional i64 edited_at_ms
}

struct OwnCommentsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct OwnComment {
  1: i64 id
  2: i64 video_id
  3: optional i64 parent_id
  4: string content
  5: bool is_held
  6: i64 like_count
  7: i64 created_at_ms
  8: optional i64 edited_at_ms
}

struct OwnCommentsResponse {
  1: list<OwnComment> items
  2: optional string next_
  3: optional i64 total
}

struct OwnDanmakuRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct OwnDanmaku {
  1: i64 id
  2: i64 video_id
  3: i64 position_ms
  4: string content
  5: i64 color
  6: string mode
  7: i64 created_at_ms
}

struct OwnDanmakuResponse {
  1: list<OwnDanmaku> items
  2: optional string next_
  3: optional i64 total
}

struct LikedCommentsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct LikedComment {
  1: i64 comment_id
  2: i64 liked_at_ms
}

struct LikedCommentsResponse {
  1: list<LikedComment> items
  2: optional string next_
  3: optional i64 total
}

struct OwnOpeningsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct OwnOpening {
  1: string kind
  2: i64 thing_id
  3: list<string> terms
  4: i64 at_ms
}

struct OwnOpeningsResponse {
  1: list<OwnOpening> items
  2: optional string next_
  3: optional i64 total
}

struct ReceivedCommentsRequest {
  1: optional string filter
  2: optional string q
  3: optional string cursor
  4: optional i64 skip
  5: optional i64 limit
  6: optional bool count
}

struct ReceivedComment {
  1: i64 id
  2: i64 video_id
  3: i64 user_id
  4: string content
  5: optional i64 parent_id
  6: optional i64 root_id
  7: optional i64 reply_to_user_id
  8: i64 like_count
  9: i64 reply_count
  10: bool is_liked
  11: bool is_mine
  12: bool is_pinned
  13: bool is_held
  14: bool is_by_owner
  15: i64 created_at_ms
  16: optional i64 edited_at_ms
}

struct ReceivedCommentsResponse {
  1: list<ReceivedComment> items
  2: optional string next_
  3: optional i64 total
}

struct UnsayRequest {
  1: i64 id
}

struct UnsayResponse {
}

struct LikeCommentRequest {
  1: i64 id
}

struct LikeCommentResponse {
  1: bool liked
  2: i64 like_count
}

struct UnlikeCommentRequest {
  1: i64 id
}

struct UnlikeCommentResponse {
  1: bool liked
  2: i64 like_count
}

struct PinRequest {
  1: i64 id
}

struct PinResponse {
}

struct UnpinRequest {
  1: i64 id
}

struct UnpinResponse {
}

struct DanmakuRequest {
  1: i64 id
  2: i64 bucket
}

struct Danmaku {
  1: i64 id
  2: i64 position_ms
  3: string content
  4: i64 color
  5: string mode
  6: bool is_mine
}

struct DanmakuResponse {
  1: list<Danmaku> items
  2: bool is_thinned
}

struct DanmakuPositionsRequest {
  1: list<i64> ids
}

struct DanmakuPositionsResponse_Items {
  1: i64 id
  2: i64 position_ms
}

struct DanmakuPositionsResponse {
  1: list<DanmakuPositionsResponse_Items> items
}

struct SayAtRequest {
  1: i64 id
  2: i64 position_ms
  3: string content
  4: optional i64 color
  5: optional string mode
}

struct SayAtResponse {
  1: i64 id
  2: i64 position_ms
  3: string content
  4: i64 color
  5: string mode
  6: bool is_mine
}

struct UnsayAtRequest {
  1: i64 id
}

struct UnsayAtResponse {
}

struct DanmakuFiltersRequest {
}

struct DanmakuFiltersResponse {
  1: list<string> words
  2: list<i64> user_ids
  3: list<string> modes
  4: i64 hidden_count
}

struct SetDanmakuFiltersRequest {
  1: list<string> words
  2: list<i64> user_ids
  3: list<string> modes
}

struct SetDanmakuFiltersResponse {
  1: list<string> words
  2: list<i64> user_ids
  3: list<string> modes
  4: i64 hidden_count
}

struct HideAuthorRequest {
  1: i64 id
}

struct HideAuthorResponse {
  1: list<string> words
  2: list<i64> user_ids
  3: list<string> modes
  4: i64 hidden_count
}

struct ShowAuthorRequest {
  1: i64 id
}

struct ShowAuthorResponse {
  1: list<string> words
  2: list<i64> user_ids
  3: list<string> modes
  4: i64 hidden_count
}

struct ShowAuthorsRequest {
}

struct ShowAuthorsResponse {
  1: list<string> words
  2: list<i64> user_ids
  3: list<string> modes
  4: i64 hidden_count
}

struct PlayRequest_RangesList {
  1: list<i64> items
}

struct PlayRequest {
  1: i64 id
  2: optional i64 position_ms
  3: optional i64 duration_ms
  4: optional bool finished
  5: list<PlayRequest_RangesList> ranges
  6: optional string source
  7: optional string site
}

struct PlayResponse {
}

struct ShareRequest {
  1: i64 id
}

struct ShareResponse {
  1: i64 share_count
}

struct VideoAnalyticsRequest {
  1: i64 id
  2: optional i64 days
}

struct AnalyticsDay {
  1: string date
  2: i64 views
  3: i64 watch_time_ms
}

struct SourceViews {
  1: string source
  2: optional string site
  3: i64 views
}

struct VideoAnalyticsResponse_Previous {
  1: i64 views
  2: i64 watch_time_ms
  3: i64 followers_gained
}

struct VideoAnalyticsResponse {
  1: i64 views
  2: i64 watch_time_ms
  3: i64 followers_gained
  4: i64 average_view_ms
  5: list<AnalyticsDay> series
  6: list<double> retention
  7: list<SourceViews> sources
  8: optional VideoAnalyticsResponse_Previous previous
}

struct ChannelAnalyticsRequest {
  1: optional i64 days
}

struct ChannelAnalyticsResponse_Previous {
  1: i64 views
  2: i64 watch_time_ms
  3: i64 followers_gained
}

struct TopItem {
  1: i64 video_id
  2: i64 views
}

struct ChannelAnalyticsResponse {
  1: i64 views
  2: i64 watch_time_ms
  3: i64 followers_gained
  4: i64 average_view_ms
  5: list<AnalyticsDay> series
  6: list<double> retention
  7: list<SourceViews> sources
  8: optional ChannelAnalyticsResponse_Previous previous
  9: list<TopItem> top
}

struct DaysRequest {
  1: i64 id
}

struct VideoDay {
  1: string date
  2: i64 view_count
  3: i64 like_count
}

struct DaysResponse {
  1: list<VideoDay> items
}

struct HistoryRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct WatchedItem {
  1: i64 video_id
  2: bool is_finished
  3: i64 watched_at_ms
}

struct HistoryResponse {
  1: list<WatchedItem> items
  2: optional string next_
  3: optional i64 total
}

struct ForgetWatchedRequest {
  1: i64 id
}

struct ForgetWatchedResponse {
}

struct ClearHistoryRequest {
}

struct ClearHistoryResponse {
}

struct HistorySettingsRequest {
}

struct HistorySettingsResponse {
  1: bool is_kept
}

struct SetHistoryRequest {
  1: bool is_kept
}

struct SetHistoryResponse {
  1: bool is_kept
}

struct ContinueWatchingRequest {
  1: optional i64 limit
}

struct BegunItem {
  1: i64 video_id
  2: i64 position_ms
  3: i64 watched_at_ms
}

struct ContinueWatchingResponse {
  1: list<BegunItem> items
}

struct StatesRequest {
  1: list<i64> video_ids
}

struct StatesResponse_Items {
  1: i64 video_id
  2: i64 play_count
  3: i64 like_count
  4: i64 comment_count
  5: i64 share_count
  6: i64 favorite_count
  7: bool is_liked
  8: bool is_favorited
  9: i64 position_ms
}

struct StatesResponse {
  1: list<StatesResponse_Items> items
}

struct ImportActivityRequest_Days {
  1: i64 day
  2: string source
  3: i64 views
}

struct ImportActivityRequest_Likes {
  1: i64 user_id
  2: i64 at_ms
}

struct ImportActivityRequest_Comments {
  1: i64 id
  2: i64 at_ms
}

struct ImportActivityRequest {
  1: i64 id
  2: list<ImportActivityRequest_Days> days
  3: i64 average_view_ms
  4: list<double> retention
  5: list<ImportActivityRequest_Likes> likes
  6: list<ImportActivityRequest_Comments> comments
}

struct ImportActivityResponse {
}

struct AuthorCountsRequest {
  1: list<i64> user_ids
}

struct AuthorCountsResponse_Items {
  1: i64 user_id
  2: i64 like_count
  4: i64 liked_count
  3: i64 favorite_count
}

struct AuthorCountsResponse {
  1: list<AuthorCountsResponse_Items> items
}

struct WatchingRequest {
  1: i64 since_day
}

struct WatchingResponse_Days {
  1: i64 day
  2: i64 count
}

struct WatchingResponse {
  1: i64 total
  2: list<WatchingResponse_Days> days
  3: i64 now
}

struct BatchRequest {
  1: string kind
  2: optional i64 after
  3: optional i64 limit
}

struct BatchResponse_Items {
  1: i64 id
  2: i64 video_id
  3: i64 user_id
  4: string content
  5: optional i64 version
}

struct BatchResponse {
  1: list<BatchResponse_Items> items
}

struct GateRequest {
  1: string kind
  2: i64 id
}

struct GateTerm {
  1: optional string kind
  2: optional i64 since_days
  3: optional i64 price
  4: optional i64 rent_hours
  5: optional i64 tier_id
  6: optional i64 chain_id
  7: optional string contract
  8: optional string standard
  9: optional string token_id
  10: optional string min
}

struct GateGroup_AnyList {
  1: list<GateTerm> items
}

struct GateGroup_AllList {
  1: list<GateTerm> items
}

struct GateGroup {
  1: optional GateGroup_AnyList any
  2: optional GateGroup_AllList all
  3: optional string kind
  4: optional i64 since_days
  5: optional i64 price
  6: optional i64 rent_hours
  7: optional i64 tier_id
  8: optional i64 chain_id
  9: optional string contract
  10: optional string standard
  11: optional string token_id
  12: optional string min
}

struct Gate_AnyList {
  1: list<GateGroup> items
}

struct Gate_AllList {
  1: list<GateGroup> items
}

struct Gate {
  1: optional Gate_AnyList any
  2: optional Gate_AllList all
  3: optional string kind
  4: optional i64 since_days
  5: optional i64 price
  6: optional i64 rent_hours
  7: optional i64 tier_id
  8: optional i64 chain_id
  9: optional string contract
  10: optional string standard
  11: optional string token_id
  12: optional string min
}

struct GateTermState {
  1: string path
  2: string kind
  3: string state
  4: optional string needs
}

struct GateResponse {
  1: bool open
  2: optional Gate gate
  3: list<GateTermState> terms
  4: string teaser
  5: i64 owner_id
  6: string title
}

struct CheckGateRequest {
  1: string kind
  2: i64 id
}

struct CheckGateResponse {
  1: bool open
  2: optional Gate gate
  3: list<GateTermState> terms
  4: string teaser
  5: i64 owner_id
  6: string title
}

struct GateInvitedRequest {
  1: string kind
  2: i64 id
  3: optional string cursor
  4: optional i64 skip
  5: optional i64 limit
  6: optional bool count
}

struct UserBrief {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string introduction
  6: optional string role
}

struct GateInvitedResponse {
  1: list<UserBrief> items
  2: optional string next_
  3: optional i64 total
}

struct InviteToGateRequest_Link {
  1: optional i64 uses
  2: optional i64 expires_in_days
}

struct InviteToGateRequest {
  1: string kind
  2: i64 id
  3: list<i64> user_ids
  4: list<string> usernames
  5: optional InviteToGateRequest_Link link
}

struct InviteToGateResponse_Link {
  1: string code
  2: i64 uses
  3: i64 expires_at_ms
}

struct InviteToGateResponse {
  1: i64 added
  2: optional InviteToGateResponse_Link link
}

struct UninviteRequest {
  1: string kind
  2: i64 id
  3: i64 user_id
}

struct UninviteResponse {
}

struct RedeemGateLinkRequest {
  1: string kind
  2: i64 id
  3: string code
}

struct RedeemGateLinkResponse {
  1: bool open
  2: optional Gate gate
  3: list<GateTermState> terms
  4: string teaser
  5: i64 owner_id
  6: string title
}

struct BuyGateRequest {
  1: string kind
  2: i64 id
  3: i64 price
}

struct BuyGateResponse {
  1: i64 balance
  2: optional i64 until_ms
}

struct RefundGateRequest {
  1: string kind
  2: i64 id
}

struct RefundGateResponse {
  1: i64 balance
}

struct GateAuditRequest {
  1: string kind
  2: i64 id
  3: optional string cursor
  4: optional i64 skip
  5: optional i64 limit
  6: optional bool count
}

struct GateOpening {
  1: i64 user_id
  2: string term
  3: i64 at_ms
}

struct GateAuditResponse {
  1: list<GateOpening> items
  2: optional string next_
  3: optional i64 total
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

struct BlocklistCopyRequest {
}

struct BlocklistCopyResponse {
  1: string body
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

service InteractionService {
  /** Likes a video; repeating changes nothing. Who may call: user. */
  LikeResponse Like(1: LikeRequest request) throws (1: failure.Failure failure)

  /** Takes a like back. Who may call: user. */
  UnlikeResponse Unlike(1: UnlikeRequest request) throws (1: failure.Failure failure)

  /** The videos a user likes, latest first, unless the user hides this list. Who may call: public. */
  LikesResponse Likes(1: LikesRequest request) throws (1: failure.Failure failure)

  /** Adds a video to the caller's favourites, in a folder or in none; repeating moves it there. Who may call: user. */
  FavoriteResponse Favorite(1: FavoriteRequest request) throws (1: failure.Failure failure)

  /** Removes a video from the caller's favourites. Who may call: user. */
  UnfavoriteResponse Unfavorite(1: UnfavoriteRequest request) throws (1: failure.Failure failure)

  /** The favourites of a user, latest first, of one folder or of all public ones, unless the user hides this list. Who may call: public. */
  FavoritesResponse Favorites(1: FavoritesRequest request) throws (1: failure.Failure failure)

  /** The favourite folders of a user, newest first; others see those that are public. Who may call: public. */
  FoldersResponse Folders(1: FoldersRequest request) throws (1: failure.Failure failure)

  /** Creates a folder for favourites. Who may call: user. */
  MakeFolderResponse MakeFolder(1: MakeFolderRequest request) throws (1: failure.Failure failure)

  /** Renames a folder of the caller or changes who sees it; omitted fields keep their value. Who may call: user. */
  ChangeFolderResponse ChangeFolder(1: ChangeFolderRequest request) throws (1: failure.Failure failure)

  /** Deletes a folder; the videos in it stay favourites. Who may call: user. */
  RemoveFolderResponse RemoveFolder(1: RemoveFolderRequest request) throws (1: failure.Failure failure)

  /** The comments on a video, the pinned one first, then the newest or those with the most likes and replies. Who may call: public. */
  CommentsResponse Comments(1: CommentsRequest request) throws (1: failure.Failure failure)

  /** The replies in the thread of a comment, oldest first. Who may call: public. */
  RepliesResponse Replies(1: RepliesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  AllCommentsResponse AllComments(1: AllCommentsRequest request) throws (1: failure.Failure failure)

  /** One comment. Who may call: public. */
  CommentResponse Comment(1: CommentRequest request) throws (1: failure.Failure failure)

  /** Posts a comment on a video, or a reply to a comment on it; `@name` mentions a user, who is notified. Who may call: user. */
  SayResponse Say(1: SayRequest request) throws (1: failure.Failure failure)

  /** Changes the text of the caller's own comment within 5 minutes; new mentions notify nobody, and a text that needs a moderator is refused. Who may call: user. */
  EditCommentResponse EditComment(1: EditCommentRequest request) throws (1: failure.Failure failure)

  /** The comments that the caller wrote, latest first, whichever video they are on. Who may call: user. */
  OwnCommentsResponse OwnComments(1: OwnCommentsRequest request) throws (1: failure.Failure failure)

  /** The danmaku that the caller wrote, latest first, whichever video they are on. Who may call: user. */
  OwnDanmakuResponse OwnDanmaku(1: OwnDanmakuRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  LikedCommentsResponse LikedComments(1: LikedCommentsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OwnOpeningsResponse OwnOpenings(1: OwnOpeningsRequest request) throws (1: failure.Failure failure)

  /** The comments on the caller's videos, newest first: all, those at the top of a thread that the caller has not replied to, or those held for a moderator; `q` is searched in the latest 10,000. Who may call: user. */
  ReceivedCommentsResponse ReceivedComments(1: ReceivedCommentsRequest request) throws (1: failure.Failure failure)

  /** Deletes a comment; at the top of a thread, its replies as well. Who may call: user. */
  UnsayResponse Unsay(1: UnsayRequest request) throws (1: failure.Failure failure)

  /** Likes a comment; repeating changes nothing. Who may call: user. */
  LikeCommentResponse LikeComment(1: LikeCommentRequest request) throws (1: failure.Failure failure)

  /** Takes back a like of a comment. Who may call: user. */
  UnlikeCommentResponse UnlikeComment(1: UnlikeCommentRequest request) throws (1: failure.Failure failure)

  /** Pins a comment to the top of the caller's video, in place of another. Who may call: user. */
  PinResponse Pin(1: PinRequest request) throws (1: failure.Failure failure)

  /** Unpins a comment. Who may call: user. */
  UnpinResponse Unpin(1: UnpinRequest request) throws (1: failure.Failure failure)

  /** The danmaku of one stretch of 30 s, `bucket` 0 being the first; thinned to what can be read, without those the caller filters. Who may call: public. */
  DanmakuResponse Danmaku(1: DanmakuRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DanmakuPositionsResponse DanmakuPositions(1: DanmakuPositionsRequest request) throws (1: failure.Failure failure)

  /** Posts a danmaku at a position of a video. Who may call: user. */
  SayAtResponse SayAt(1: SayAtRequest request) throws (1: failure.Failure failure)

  /** Deletes a danmaku by its author or by the owner of the video. Who may call: user. */
  UnsayAtResponse UnsayAt(1: UnsayAtRequest request) throws (1: failure.Failure failure)

  /** The caller's filters for danmaku. Who may call: user. */
  DanmakuFiltersResponse DanmakuFilters(1: DanmakuFiltersRequest request) throws (1: failure.Failure failure)

  /** Changes the caller's filters for danmaku. Who may call: user. */
  SetDanmakuFiltersResponse SetDanmakuFilters(1: SetDanmakuFiltersRequest request) throws (1: failure.Failure failure)

  /** Hides all danmaku of the author of this one from the caller, without disclosing the author; the caller's own are always shown. Who may call: user. */
  HideAuthorResponse HideAuthor(1: HideAuthorRequest request) throws (1: failure.Failure failure)

  /** Shows the danmaku of the author of this one to the caller again. Who may call: user. */
  ShowAuthorResponse ShowAuthor(1: ShowAuthorRequest request) throws (1: failure.Failure failure)

  /** Shows the danmaku of all hidden authors to the caller again. Who may call: user. */
  ShowAuthorsResponse ShowAuthors(1: ShowAuthorsRequest request) throws (1: failure.Failure failure)

  /** Reports what was watched of a video: the position is stored in the caller's history, 3 s or 30 % count as one view per viewer and half hour, and the ranges count as watch time. Who may call: public. */
  PlayResponse Play(1: PlayRequest request) throws (1: failure.Failure failure)

  /** Reports a share of a video; counts once per viewer and half hour. Who may call: public. */
  ShareResponse Share(1: ShareRequest request) throws (1: failure.Failure failure)

  /** Views, watch time, retention, sources and new followers of a video of the caller in the last days of UTC; as CSV the series alone. Who may call: user. */
  VideoAnalyticsResponse VideoAnalytics(1: VideoAnalyticsRequest request) throws (1: failure.Failure failure)

  /** The same over all videos of the caller, and those with the most views; as CSV the series alone. Who may call: user. */
  ChannelAnalyticsResponse ChannelAnalytics(1: ChannelAnalyticsRequest request) throws (1: failure.Failure failure)

  /** Views and likes of a video of the caller on each of the last 30 days, by UTC; the oldest first. Who may call: user. */
  DaysResponse Days(1: DaysRequest request) throws (1: failure.Failure failure)

  /** The caller's watch history, latest first. Who may call: user. */
  HistoryResponse History(1: HistoryRequest request) throws (1: failure.Failure failure)

  /** Removes a video from the caller's watch history. Who may call: user. */
  ForgetWatchedResponse ForgetWatched(1: ForgetWatchedRequest request) throws (1: failure.Failure failure)

  /** Clears the caller's watch history. Who may call: user. */
  ClearHistoryResponse ClearHistory(1: ClearHistoryRequest request) throws (1: failure.Failure failure)

  /** Whether the caller's watch history is on. Who may call: user. */
  HistorySettingsResponse HistorySettings(1: HistorySettingsRequest request) throws (1: failure.Failure failure)

  /** Switches the caller's watch history on or off; its videos stay until it is cleared. Who may call: user. */
  SetHistoryResponse SetHistory(1: SetHistoryRequest request) throws (1: failure.Failure failure)

  /** Of the last 1,000 videos of the caller's watch history, those that were begun and not watched to their end, latest first. Who may call: user. */
  ContinueWatchingResponse ContinueWatching(1: ContinueWatchingRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  StatesResponse States(1: StatesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ImportActivityResponse ImportActivity(1: ImportActivityRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  AuthorCountsResponse AuthorCounts(1: AuthorCountsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  WatchingResponse Watching(1: WatchingRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BatchResponse Batch(1: BatchRequest request) throws (1: failure.Failure failure)

  /** The terms that open a thing, and how the caller stands before each of them. Who may call: public. */
  GateResponse Gate(1: GateRequest request) throws (1: failure.Failure failure)

  /** As the gate itself, asked anew: also of chains, once in five seconds. Who may call: user. */
  CheckGateResponse CheckGate(1: CheckGateRequest request) throws (1: failure.Failure failure)

  /** The people whom the caller invited to their thing, the latest first. Who may call: user. */
  GateInvitedResponse GateInvited(1: GateInvitedRequest request) throws (1: failure.Failure failure)

  /** Invites people to the caller's thing, by id or user name, or makes a link that invites the accounts that use it. Who may call: user. */
  InviteToGateResponse InviteToGate(1: InviteToGateRequest request) throws (1: failure.Failure failure)

  /** Takes an invitation back; the thing closes for that person within seconds. Who may call: user. */
  UninviteResponse Uninvite(1: UninviteRequest request) throws (1: failure.Failure failure)

  /** Uses an invitation link: the caller is invited from then on. Who may call: user. */
  RedeemGateLinkResponse RedeemGateLink(1: RedeemGateLinkRequest request) throws (1: failure.Failure failure)

  /** Pays the coins that open a thing; an account that has paid pays nothing again. Who may call: user. */
  BuyGateResponse BuyGate(1: BuyGateRequest request) throws (1: failure.Failure failure)

  /** Gives the coins back that the caller paid within 24 hours for a thing they have hardly watched. Who may call: user. */
  RefundGateResponse RefundGate(1: RefundGateRequest request) throws (1: failure.Failure failure)

  /** The users who opened the caller's thing, by which terms and when, the latest first. Who may call: user. */
  GateAuditResponse GateAudit(1: GateAuditRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  MutedUsersResponse MutedUsers(1: MutedUsersRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BlocklistCopyResponse BlocklistCopy(1: BlocklistCopyRequest request) throws (1: failure.Failure failure)

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
