// Made by `npm run generate` from the contract of recommend.
namespace * kinora.recommend.v1

include "failure.thrift"

struct VideosRequest {
  1: optional string sort
  2: optional i64 category_id
  10: optional i64 user_id
  3: optional string shape
  4: optional i64 min_duration_ms
  5: optional i64 max_duration_ms
  6: optional string cursor
  7: optional i64 skip
  8: optional i64 limit
  9: optional bool count
}

struct ListedItem {
  1: i64 video_id
}

struct VideosResponse {
  1: list<ListedItem> items
  2: optional string next_
  3: optional i64 total
}

struct FeedRequest {
  1: optional string cursor
  2: optional i64 limit
}

struct FeedItem_LikedByIdsList {
  1: list<i64> items
}

struct FeedItem {
  1: i64 video_id
  2: string reason
  3: optional string tag
  4: optional FeedItem_LikedByIdsList liked_by_ids
}

struct FeedResponse {
  1: list<FeedItem> items
  2: optional string next_
}

struct HotRequest {
  1: optional string cursor
  2: optional i64 limit
}

struct HotResponse {
  1: list<FeedItem> items
  2: optional string next_
}

struct FollowingRequest {
  1: optional string cursor
  2: optional i64 limit
}

struct FollowingResponse {
  1: list<FeedItem> items
  2: optional string next_
}

struct FollowedAuthorsRequest {
  1: optional i64 limit
}

struct FollowedAuthorItem {
  1: i64 user_id
  2: optional i64 published_at_ms
}

struct FollowedAuthorsResponse {
  1: list<FollowedAuthorItem> items
}

struct RefreshRequest {
  1: optional i64 limit
}

struct RefreshResponse {
  1: list<FeedItem> items
}

struct RelatedRequest {
  1: i64 id
  2: optional i64 limit
}

struct RelatedResponse {
  1: list<FeedItem> items
}

struct MarkNotInterestedRequest {
  1: i64 id
  2: optional string scope
  3: optional string tag
}

struct MarkNotInterestedResponse {
  1: string scope
}

struct UnmarkNotInterestedRequest {
  1: i64 id
  2: optional string scope
  3: optional string tag
}

struct UnmarkNotInterestedResponse {
  1: string scope
}

struct NotInterestedRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct NotInterestedItem {
  1: string scope
  2: i64 video_id
  3: optional i64 author_id
  4: optional string tag
  5: i64 created_at_ms
}

struct NotInterestedResponse {
  1: list<NotInterestedItem> items
  2: optional string next_
  3: optional i64 total
}

struct FeedSettingsRequest {
}

struct FeedSettingsResponse {
  1: bool is_personal
  2: i64 fresh
  3: i64 following
  4: i64 popular
  5: i64 similar
}

struct SetFeedSettingsRequest {
  1: optional bool is_personal
  2: optional i64 fresh
  3: optional i64 following
  4: optional i64 popular
  5: optional i64 similar
}

struct SetFeedSettingsResponse {
  1: bool is_personal
  2: i64 fresh
  3: i64 following
  4: i64 popular
  5: i64 similar
}

struct InterestsRequest {
  1: optional i64 limit
}

struct InterestItem {
  1: string kind
  2: string name
  3: optional i64 author_id
  4: double strength
}

struct InterestsResponse {
  1: list<InterestItem> items
}

struct SetInterestRequest {
  1: string kind
  2: string name
  3: bool is_removed
}

struct SetInterestResponse {
}

struct MuteRequest {
  1: string kind
  2: string name
}

struct MuteResponse {
}

struct MutesRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct MutedItem {
  1: optional string tag
  2: optional i64 author_id
  3: i64 created_at_ms
}

struct MutesResponse {
  1: list<MutedItem> items
  2: optional string next_
  3: optional i64 total
}

struct UnmuteRequest {
  1: string kind
  2: string name
}

struct UnmuteResponse {
}

struct ResetRequest {
}

struct ResetResponse {
}

struct SignalsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct WatchSignal {
  1: i64 video_id
  2: i64 watched_ms
  3: bool is_finished
  4: bool is_liked
  5: bool is_favorited
  6: bool is_shared
  7: bool is_commented
  8: bool is_followed
  9: bool is_refused
  10: i64 changed_at_ms
}

struct SignalsResponse {
  1: list<WatchSignal> items
  2: optional string next_
  3: optional i64 total
}

struct ModelsRequest {
}

struct RecommendModel {
  1: i64 id
  2: i64 created_at_ms
  3: i64 signals
  4: i64 users
  5: i64 videos
  6: double recall
  7: double ndcg
  8: i64 share
}

struct ModelsResponse {
  1: list<RecommendModel> items
}

struct TrainRequest {
}

struct TrainResponse {
}

struct SetModelShareRequest {
  1: i64 id
  2: i64 share
}

struct SetModelShareResponse {
}

struct BeforeRequest {
  1: optional i64 before_ms
  2: i64 limit
}

struct BeforeResponse_Items {
  1: i64 video_id
  2: i64 published_at_ms
}

struct BeforeResponse {
  1: list<BeforeResponse_Items> items
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

service RecommendService {
  /** The public videos: trending (the highest hot score first), the latest published, or the most viewed; without those of users that a block stands between. A square video is wide. Who may call: public. */
  VideosResponse Videos(1: VideosRequest request) throws (1: failure.Failure failure)

  /** Videos to watch next: for users what viewers of the same videos watched, then the latest with hot ones among them. The cursor is opaque; a feed that is read to its end repeats no video. Who may call: public. */
  FeedResponse Feed(1: FeedRequest request) throws (1: failure.Failure failure)

  /** The public videos, the highest hot score first. The cursor is opaque; no video is repeated. Who may call: public. */
  HotResponse Hot(1: HotRequest request) throws (1: failure.Failure failure)

  /** Videos of the authors whom the caller follows, the latest published first, those for followers among them. Who may call: user. */
  FollowingResponse Following(1: FollowingRequest request) throws (1: failure.Failure failure)

  /** The accounts the caller follows, those that published last first, with the time of their latest video. Who may call: user. */
  FollowedAuthorsResponse FollowedAuthors(1: FollowedAuthorsRequest request) throws (1: failure.Failure failure)

  /** The beginning of a new feed, without the videos that feeds served to the caller within the last half hour. Who may call: user. */
  RefreshResponse Refresh(1: RefreshRequest request) throws (1: failure.Failure failure)

  /** Videos to watch after one, never itself: those with rare tags in common, of the same author, and watched by the same users; the hottest fill the rest. Who may call: public. */
  RelatedResponse Related(1: RelatedRequest request) throws (1: failure.Failure failure)

  /** Leaves a video, all of its author or all with a tag out of the caller's lists and feeds; the latest thousand of these hold. Who may call: user. */
  MarkNotInterestedResponse MarkNotInterested(1: MarkNotInterestedRequest request) throws (1: failure.Failure failure)

  /** Has a video, its author or a tag in the caller's lists and feeds again. Who may call: user. */
  UnmarkNotInterestedResponse UnmarkNotInterested(1: UnmarkNotInterestedRequest request) throws (1: failure.Failure failure)

  /** What is left out of the caller's lists and feeds, the latest first, with the video where they said so. Who may call: user. */
  NotInterestedResponse NotInterested(1: NotInterestedRequest request) throws (1: failure.Failure failure)

  /** Whether the caller's feed is personal, and how much of what it has. Who may call: user. */
  FeedSettingsResponse FeedSettings(1: FeedSettingsRequest request) throws (1: failure.Failure failure)

  /** Changes the caller's feed from the next page on; what is left out stays as it is. Who may call: user. */
  SetFeedSettingsResponse SetFeedSettings(1: SetFeedSettingsRequest request) throws (1: failure.Failure failure)

  /** What the caller seems to like by what they watched, the strongest first: tags, authors and lengths. Who may call: user. */
  InterestsResponse Interests(1: InterestsRequest request) throws (1: failure.Failure failure)

  /** Removes an interest of the caller, so that only what is watched from now on counts for it, or takes that back. Who may call: user. */
  SetInterestResponse SetInterest(1: SetInterestRequest request) throws (1: failure.Failure failure)

  /** Leaves all videos with a tag or all of an account out of the caller's lists and feeds. Who may call: user. */
  MuteResponse Mute(1: MuteRequest request) throws (1: failure.Failure failure)

  /** The tags and accounts that are left out of the caller's lists and feeds, the latest first. Who may call: user. */
  MutesResponse Mutes(1: MutesRequest request) throws (1: failure.Failure failure)

  /** Has videos with a tag or of an account in the caller's lists and feeds again. Who may call: user. */
  UnmuteResponse Unmute(1: UnmuteRequest request) throws (1: failure.Failure failure)

  /** Forgets what the caller watched and chose, so that the feed begins anew; the watch history and what is muted stay. Who may call: user. */
  ResetResponse Reset(1: ResetRequest request) throws (1: failure.Failure failure)

  /** What the caller's feed is made of: what they did with each video, the latest first. Who may call: user. */
  SignalsResponse Signals(1: SignalsRequest request) throws (1: failure.Failure failure)

  /** The latest trained models, with how well each did and how many viewers have it. Who may call: admin. */
  ModelsResponse Models(1: ModelsRequest request) throws (1: failure.Failure failure)

  /** Trains a model in the background; viewers have it once it is done. Who may call: admin. */
  TrainResponse Train(1: TrainRequest request) throws (1: failure.Failure failure)

  /** Gives a model to so many of a hundred viewers, the same ones each time; the others have the model they had most. 100 goes back to an older model. Who may call: admin. */
  SetModelShareResponse SetModelShare(1: SetModelShareRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BeforeResponse Before(1: BeforeRequest request) throws (1: failure.Failure failure)

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
