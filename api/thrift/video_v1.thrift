// Made by `npm run generate` from the contract of video.
namespace * kinora.video.v1

include "failure.thrift"

struct CreateRequest_TagsList {
  1: list<string> items
}

struct CreateRequest_HashtagsList {
  1: list<string> items
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

struct CreateRequest {
  1: string title
  2: optional i64 media_id
  3: optional string video_url
  4: optional i64 duration_ms
  5: optional i64 width
  6: optional i64 height
  17: optional bool draft
  18: optional i64 publish_at_ms
  7: optional string description
  8: optional string cover_url
  9: optional i64 category_id
  10: optional CreateRequest_TagsList tags
  11: optional CreateRequest_HashtagsList hashtags
  12: optional string visibility
  16: optional string password
  13: optional bool is_public
  14: optional bool allow_comment
  15: optional bool allow_download
  19: optional Gate gate
  20: optional string gate_password
  21: optional string teaser
}

struct CreateResponse_StatusReason {
  1: string error
  2: string message
}

struct CreateResponse_Replacement_StatusReason {
  1: string error
  2: string message
}

struct CreateResponse_Replacement {
  1: i64 media_id
  2: string status
  3: optional CreateResponse_Replacement_StatusReason status_reason
}

struct Chapter {
  1: i64 start_ms
  2: string title
}

struct CreateResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional CreateResponse_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  25: optional i64 cover_media_id
  20: bool allow_comment
  21: bool allow_download
  22: bool is_mine
  28: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  26: optional CreateResponse_Replacement replacement
  27: list<Chapter> chapters
  29: bool is_draft
  30: optional i64 publish_at_ms
  23: i64 created_at_ms
  24: optional i64 published_at_ms
}

struct PublicFilesRequest {
  1: list<i64> file_ids
}

struct PublicFilesResponse {
  1: list<i64> file_ids
}

struct PostRequest {
  1: i64 media_id
  2: string title
}

struct PostResponse_StatusReason {
  1: string error
  2: string message
}

struct PostResponse_Replacement_StatusReason {
  1: string error
  2: string message
}

struct PostResponse_Replacement {
  1: i64 media_id
  2: string status
  3: optional PostResponse_Replacement_StatusReason status_reason
}

struct PostResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional PostResponse_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  20: optional i64 cover_media_id
  21: bool allow_comment
  22: bool allow_download
  23: bool is_mine
  24: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  25: optional PostResponse_Replacement replacement
  26: list<Chapter> chapters
  27: bool is_draft
  28: optional i64 publish_at_ms
  29: i64 created_at_ms
  30: optional i64 published_at_ms
}

struct BackdateRequest {
  1: i64 id
  2: i64 published_at_ms
}

struct BackdateResponse {
}

struct GetRequest {
  1: i64 id
}

struct GetResponse_StatusReason {
  1: string error
  2: string message
}

struct GetResponse_Replacement_StatusReason {
  1: string error
  2: string message
}

struct GetResponse_Replacement {
  1: i64 media_id
  2: string status
  3: optional GetResponse_Replacement_StatusReason status_reason
}

struct GetResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional GetResponse_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  25: optional i64 cover_media_id
  20: bool allow_comment
  21: bool allow_download
  22: bool is_mine
  28: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  26: optional GetResponse_Replacement replacement
  27: list<Chapter> chapters
  29: bool is_draft
  30: optional i64 publish_at_ms
  23: i64 created_at_ms
  24: optional i64 published_at_ms
}

struct CategoriesRequest {
}

struct CategoriesResponse_Items_Names {
  1: string en
  2: string zh
}

struct CategoriesResponse_Items {
  1: i64 id
  2: optional CategoriesResponse_Items_Names names
}

struct CategoriesResponse {
  1: list<CategoriesResponse_Items> items
}

struct OfCategoryRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct Video_StatusReason {
  1: string error
  2: string message
}

struct Video_Replacement_StatusReason {
  1: string error
  2: string message
}

struct Video_Replacement {
  1: i64 media_id
  2: string status
  3: optional Video_Replacement_StatusReason status_reason
}

struct Video {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional Video_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  25: optional i64 cover_media_id
  20: bool allow_comment
  21: bool allow_download
  22: bool is_mine
  28: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  26: optional Video_Replacement replacement
  27: list<Chapter> chapters
  29: bool is_draft
  30: optional i64 publish_at_ms
  23: i64 created_at_ms
  24: optional i64 published_at_ms
}

struct OfCategoryResponse {
  1: list<Video> items
  2: optional string next_
  3: optional i64 total
}

struct PublishRequest {
  1: i64 id
}

struct PublishResponse_StatusReason {
  1: string error
  2: string message
}

struct PublishResponse_Replacement_StatusReason {
  1: string error
  2: string message
}

struct PublishResponse_Replacement {
  1: i64 media_id
  2: string status
  3: optional PublishResponse_Replacement_StatusReason status_reason
}

struct PublishResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional PublishResponse_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  20: optional i64 cover_media_id
  21: bool allow_comment
  22: bool allow_download
  23: bool is_mine
  24: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  25: optional PublishResponse_Replacement replacement
  26: list<Chapter> chapters
  27: bool is_draft
  28: optional i64 publish_at_ms
  29: i64 created_at_ms
  30: optional i64 published_at_ms
}

struct UnlockRequest {
  1: i64 id
  2: string password
}

struct UnlockResponse {
  1: string unlock
  2: i64 expires_at_ms
}

struct UpdateRequest_TagsList {
  1: list<string> items
}

struct UpdateRequest_HashtagsList {
  1: list<string> items
}

struct UpdateRequest {
  1: i64 id
  2: optional string title
  13: optional i64 publish_at_ms
  14: optional bool draft
  3: optional string description
  4: optional string cover_url
  5: optional i64 category_id
  6: optional UpdateRequest_TagsList tags
  7: optional UpdateRequest_HashtagsList hashtags
  8: optional string visibility
  12: optional string password
  9: optional bool is_public
  10: optional bool allow_comment
  11: optional bool allow_download
  15: optional Gate gate
  16: optional string gate_password
  17: optional string teaser
}

struct UpdateResponse_StatusReason {
  1: string error
  2: string message
}

struct UpdateResponse_Replacement_StatusReason {
  1: string error
  2: string message
}

struct UpdateResponse_Replacement {
  1: i64 media_id
  2: string status
  3: optional UpdateResponse_Replacement_StatusReason status_reason
}

struct UpdateResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional UpdateResponse_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  25: optional i64 cover_media_id
  20: bool allow_comment
  21: bool allow_download
  22: bool is_mine
  28: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  26: optional UpdateResponse_Replacement replacement
  27: list<Chapter> chapters
  29: bool is_draft
  30: optional i64 publish_at_ms
  23: i64 created_at_ms
  24: optional i64 published_at_ms
}

struct RemoveRequest {
  1: i64 id
}

struct RemoveResponse {
}

struct ChangeManyRequest {
  1: list<i64> ids
  2: optional string visibility
  3: optional i64 category_id
  4: optional bool allow_comment
  5: optional i64 playlist_id
  6: optional bool delete_
}

struct ChangeManyResponse_Failed {
  1: i64 id
  2: string error
}

struct ChangeManyResponse {
  1: list<i64> done
  2: list<ChangeManyResponse_Failed> failed
}

struct ReplaceMediaRequest {
  1: i64 id
  2: i64 media_id
}

struct ReplaceMediaResponse_StatusReason {
  1: string error
  2: string message
}

struct ReplaceMediaResponse_Replacement_StatusReason {
  1: string error
  2: string message
}

struct ReplaceMediaResponse_Replacement {
  1: i64 media_id
  2: string status
  3: optional ReplaceMediaResponse_Replacement_StatusReason status_reason
}

struct ReplaceMediaResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional ReplaceMediaResponse_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  20: optional i64 cover_media_id
  21: bool allow_comment
  22: bool allow_download
  23: bool is_mine
  28: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  24: optional ReplaceMediaResponse_Replacement replacement
  27: list<Chapter> chapters
  29: bool is_draft
  30: optional i64 publish_at_ms
  25: i64 created_at_ms
  26: optional i64 published_at_ms
}

struct KeepMediaRequest {
  1: i64 id
}

struct KeepMediaResponse_StatusReason {
  1: string error
  2: string message
}

struct KeepMediaResponse_Replacement_StatusReason {
  1: string error
  2: string message
}

struct KeepMediaResponse_Replacement {
  1: i64 media_id
  2: string status
  3: optional KeepMediaResponse_Replacement_StatusReason status_reason
}

struct KeepMediaResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional KeepMediaResponse_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  20: optional i64 cover_media_id
  21: bool allow_comment
  22: bool allow_download
  23: bool is_mine
  28: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  24: optional KeepMediaResponse_Replacement replacement
  27: list<Chapter> chapters
  29: bool is_draft
  30: optional i64 publish_at_ms
  25: i64 created_at_ms
  26: optional i64 published_at_ms
}

struct OfUserRequest {
  1: i64 id
  6: optional string q
  7: optional string state
  8: optional string visibility
  9: optional string sort
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct OfUserResponse {
  1: list<Video> items
  2: optional string next_
  3: optional i64 total
}

struct StatisticsRequest {
  1: i64 id
}

struct StatisticsResponse {
  1: i64 id
  2: i64 created_at_ms
  3: optional i64 published_at_ms
  4: i64 duration_ms
  5: i64 size_bytes
  6: i64 playlist_count
}

struct CreatePlaylistRequest {
  1: string title
  2: optional string description
  3: optional string visibility
  4: optional Gate gate
  5: optional string gate_password
  6: optional string teaser
}

struct CreatePlaylistResponse {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: string visibility
  6: bool is_mine
  8: optional Gate gate
  9: optional string teaser
  7: i64 created_at_ms
}

struct PlaylistRequest {
  1: i64 id
}

struct PlaylistResponse {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: string visibility
  6: bool is_mine
  8: optional Gate gate
  9: optional string teaser
  7: i64 created_at_ms
}

struct UpdatePlaylistRequest {
  1: i64 id
  2: optional string title
  3: optional string description
  4: optional string visibility
  5: optional Gate gate
  6: optional string gate_password
  7: optional string teaser
}

struct UpdatePlaylistResponse {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: string visibility
  6: bool is_mine
  8: optional Gate gate
  9: optional string teaser
  7: i64 created_at_ms
}

struct UnlockPlaylistRequest {
  1: i64 id
  2: string password
}

struct UnlockPlaylistResponse {
  1: string unlock
  2: i64 expires_at_ms
}

struct RemovePlaylistRequest {
  1: i64 id
}

struct RemovePlaylistResponse {
}

struct PlaylistItemsRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct PlaylistItemsResponse {
  1: list<Video> items
  2: optional string next_
  3: optional i64 total
}

struct AddToPlaylistRequest {
  1: i64 id
  2: i64 video_id
}

struct AddToPlaylistResponse {
  1: bool added
}

struct RemoveFromPlaylistRequest {
  1: i64 id
  2: i64 video
}

struct RemoveFromPlaylistResponse {
}

struct MoveInPlaylistRequest {
  1: i64 id
  2: i64 video
  3: optional i64 after_id
}

struct MoveInPlaylistResponse {
}

struct PlaylistsOfRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct Playlist {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: string visibility
  6: bool is_mine
  8: optional Gate gate
  9: optional string teaser
  7: i64 created_at_ms
}

struct PlaylistsOfResponse {
  1: list<Playlist> items
  2: optional string next_
  3: optional i64 total
}

struct VisibleRequest {
  1: list<i64> ids
}

struct VisibleResponse {
  1: list<Video> items
}

struct PlayableRequest {
  1: i64 id
  2: optional bool is_granted
}

struct PlayableResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string visibility
  6: i64 status
  7: i64 generation
  8: bool allow_download
  12: bool allow_comment
  10: optional i64 cover_media_id
  9: i64 duration_ms
  11: list<Chapter> chapters
  13: optional bool is_granted
}

struct GateRequest {
  1: i64 id
  2: optional bool is_anew
}

struct GateTermState {
  1: string path
  2: string kind
  3: string state
  4: optional string needs
}

struct GateResponse {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: i64 generation
  5: string teaser
  6: optional Gate gate
  7: string opening
  8: list<GateTermState> terms
}

struct PlaylistGateRequest {
  1: i64 id
  2: optional bool is_anew
}

struct PlaylistGateResponse {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: i64 generation
  5: string teaser
  6: optional Gate gate
  7: string opening
  8: list<GateTermState> terms
}

struct GrowthRequest {
  1: i64 since_day
}

struct GrowthResponse_Days {
  1: i64 day
  2: i64 count
}

struct GrowthResponse {
  1: i64 total
  2: list<GrowthResponse_Days> days
}

struct BatchRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct BatchResponse_Items_TagsList {
  1: list<string> items
}

struct BatchResponse_Items {
  1: i64 video_id
  2: i64 user_id
  3: string title
  4: optional string description
  5: optional BatchResponse_Items_TagsList tags
  6: list<string> hashtags
  10: optional i64 category_id
  11: optional i64 duration_ms
  12: optional i64 width
  13: optional i64 height
  14: optional i64 shown_media_id
  7: string visibility
  8: optional i64 published_at_ms
  9: i64 version
}

struct BatchResponse {
  1: list<BatchResponse_Items> items
}

struct PublicBlocksRequest {
  1: i64 size
}

struct PublicBlocksResponse {
  1: list<i64> first_ids
}

struct PublicFromRequest {
  1: i64 id
  2: i64 limit
}

struct PublicFromResponse {
  1: list<i64> ids
}

struct NewestRequest_After {
  1: i64 published_at_ms
  2: i64 video_id
}

struct NewestRequest {
  1: optional NewestRequest_After after
  2: i64 limit
}

struct NewestResponse_Items {
  1: i64 video_id
  2: i64 published_at_ms
}

struct NewestResponse {
  1: list<NewestResponse_Items> items
}

struct PlaylistBatchRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct PlaylistBatchResponse_Items {
  1: i64 playlist_id
  2: i64 user_id
  3: string title
  4: string description
  5: string visibility
  6: i64 version
}

struct PlaylistBatchResponse {
  1: list<PlaylistBatchResponse_Items> items
}

struct PublicOfRequest {
  1: i64 media_id
}

struct PublicOfResponse_Items {
  1: i64 id
  2: i64 generation
}

struct PublicOfResponse {
  1: list<PublicOfResponse_Items> items
}

struct AuthorCountsRequest {
  1: list<i64> user_ids
}

struct AuthorCountsResponse_Items {
  1: i64 user_id
  2: i64 video_count
}

struct AuthorCountsResponse {
  1: list<AuthorCountsResponse_Items> items
}

struct PutGrantRequest {
  1: string kind
  2: i64 thing_id
  3: i64 user_id
  4: string reason
  5: optional i64 until_ms
  6: i64 version
  7: bool is_granted
}

struct PutGrantResponse {
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

service VideoService {
  /** Publishes an uploaded media object, the file of a multipart form, or a file that is fetched from `video_url`, as soon as it can be played. Who may call: user. */
  CreateResponse Create(1: CreateRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PublicFilesResponse PublicFiles(1: PublicFilesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PostResponse Post(1: PostRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BackdateResponse Backdate(1: BackdateRequest request) throws (1: failure.Failure failure)

  /** A video that the caller may see. Who may call: public. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** The categories of videos. Who may call: public. */
  CategoriesResponse Categories(1: CategoriesRequest request) throws (1: failure.Failure failure)

  /** The public videos of a category, the latest published first. Who may call: public. */
  OfCategoryResponse OfCategory(1: OfCategoryRequest request) throws (1: failure.Failure failure)

  /** Publishes a draft: immediately when it is ready, else as soon as it is. Who may call: user. */
  PublishResponse Publish(1: PublishRequest request) throws (1: failure.Failure failure)

  /** Exchanges a video's password for a token that unlocks it for some hours, sent as the header `X-Kinora-Unlock` with every request about it. Who may call: public. */
  UnlockResponse Unlock(1: UnlockRequest request) throws (1: failure.Failure failure)

  /** Changes the caller's own video; fields that are left out stay. Who may call: user. */
  UpdateResponse Update(1: UpdateRequest request) throws (1: failure.Failure failure)

  /** Deletes the caller's own video; its bytes are deleted after the grace time. Who may call: user. */
  RemoveResponse Remove(1: RemoveRequest request) throws (1: failure.Failure failure)

  /** Changes or deletes several of the caller's own videos, each on its own: one that fails stops no other. `playlist_id` adds them to a playlist. Who may call: user. */
  ChangeManyResponse ChangeMany(1: ChangeManyRequest request) throws (1: failure.Failure failure)

  /** Replaces the file of the caller's own video; the old one plays until the new one can be played, and stays should that fail. Who may call: user. */
  ReplaceMediaResponse ReplaceMedia(1: ReplaceMediaRequest request) throws (1: failure.Failure failure)

  /** Cancels the replacement of the video's file, whether it is being prepared or has failed. Who may call: user. */
  KeepMediaResponse KeepMedia(1: KeepMediaRequest request) throws (1: failure.Failure failure)

  /** A user's videos, the latest published first; the caller's own include those not public or not ready, newest first, and only they can be filtered and sorted. `q` is searched in the titles of the newest 10,000. Who may call: public. */
  OfUserResponse OfUser(1: OfUserRequest request) throws (1: failure.Failure failure)

  /** Statistics of the caller's own video. Who may call: user. */
  StatisticsResponse Statistics(1: StatisticsRequest request) throws (1: failure.Failure failure)

  /** Creates an empty playlist. Who may call: user. */
  CreatePlaylistResponse CreatePlaylist(1: CreatePlaylistRequest request) throws (1: failure.Failure failure)

  /** A playlist that the caller may see. Who may call: public. */
  PlaylistResponse Playlist(1: PlaylistRequest request) throws (1: failure.Failure failure)

  /** Changes the caller's own playlist; fields that are left out stay. Who may call: user. */
  UpdatePlaylistResponse UpdatePlaylist(1: UpdatePlaylistRequest request) throws (1: failure.Failure failure)

  /** Exchanges the password of a playlist's gate for a token that is sent as `X-Kinora-Unlock`. Who may call: public. */
  UnlockPlaylistResponse UnlockPlaylist(1: UnlockPlaylistRequest request) throws (1: failure.Failure failure)

  /** Deletes the caller's own playlist; the videos stay. Who may call: user. */
  RemovePlaylistResponse RemovePlaylist(1: RemovePlaylistRequest request) throws (1: failure.Failure failure)

  /** The videos of a playlist in its order, without those hidden from the caller. Who may call: public. */
  PlaylistItemsResponse PlaylistItems(1: PlaylistItemsRequest request) throws (1: failure.Failure failure)

  /** Adds a video at the end; one that is in it stays where it is. Who may call: user. */
  AddToPlaylistResponse AddToPlaylist(1: AddToPlaylistRequest request) throws (1: failure.Failure failure)

  /** Removes a video from the caller's own playlist. Who may call: user. */
  RemoveFromPlaylistResponse RemoveFromPlaylist(1: RemoveFromPlaylistRequest request) throws (1: failure.Failure failure)

  /** Puts a video behind another one of the playlist, or first where none is named. Who may call: user. */
  MoveInPlaylistResponse MoveInPlaylist(1: MoveInPlaylistRequest request) throws (1: failure.Failure failure)

  /** A user's playlists, latest first; the caller's own include those not public. Who may call: public. */
  PlaylistsOfResponse PlaylistsOf(1: PlaylistsOfRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  VisibleResponse Visible(1: VisibleRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PlayableResponse Playable(1: PlayableRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  GateResponse Gate(1: GateRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PlaylistGateResponse PlaylistGate(1: PlaylistGateRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  GrowthResponse Growth(1: GrowthRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BatchResponse Batch(1: BatchRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PublicBlocksResponse PublicBlocks(1: PublicBlocksRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PublicFromResponse PublicFrom(1: PublicFromRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  NewestResponse Newest(1: NewestRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PlaylistBatchResponse PlaylistBatch(1: PlaylistBatchRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PublicOfResponse PublicOf(1: PublicOfRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  AuthorCountsResponse AuthorCounts(1: AuthorCountsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PutGrantResponse PutGrant(1: PutGrantRequest request) throws (1: failure.Failure failure)

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
