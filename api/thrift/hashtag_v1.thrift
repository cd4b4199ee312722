// Made by `npm run generate` from the contract of hashtag.
namespace * kinora.hashtag.v1

include "failure.thrift"

struct CreateRequest {
  1: string name
  2: optional string description
}

struct CreateResponse {
  1: i64 id
  2: string name
  3: string description
  4: i64 view_count
  5: i64 video_count
  6: double hot_score
  7: bool is_hot
  8: i64 created_at_ms
}

struct GetRequest {
  1: i64 id
}

struct GetResponse {
  1: i64 id
  2: string name
  3: string description
  4: i64 view_count
  5: i64 video_count
  6: double hot_score
  7: bool is_hot
  8: i64 created_at_ms
}

struct ByNameRequest {
  1: string name
}

struct ByNameResponse {
  1: i64 id
  2: string name
  3: string description
  4: i64 view_count
  5: i64 video_count
  6: double hot_score
  7: bool is_hot
  8: i64 created_at_ms
}

struct HotRequest {
  1: optional i64 limit
}

struct Hashtag {
  1: i64 id
  2: string name
  3: string description
  4: i64 view_count
  5: i64 video_count
  6: double hot_score
  7: bool is_hot
  8: i64 created_at_ms
}

struct HotResponse {
  1: list<Hashtag> items
}

struct TrendingRequest {
  1: optional i64 limit
}

struct TrendingHashtagItem {
  1: i64 id
  2: string name
  3: string description
  4: i64 view_count
  5: i64 video_count
  6: double hot_score
  7: bool is_hot
  8: i64 created_at_ms
  9: list<i64> video_ids
}

struct TrendingResponse {
  1: list<TrendingHashtagItem> items
}

struct VideosRequest {
  1: i64 id
  2: optional string sort
  3: optional string cursor
  4: optional i64 skip
  5: optional i64 limit
  6: optional bool count
}

struct TaggedItem {
  1: i64 video_id
}

struct VideosResponse {
  1: list<TaggedItem> items
  2: optional string next_
  3: optional i64 total
}

struct BriefsRequest {
  1: list<i64> ids
}

struct BriefsResponse {
  1: list<Hashtag> items
}

struct BatchRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct BatchResponse_Items {
  1: i64 id
  2: string name
}

struct BatchResponse {
  1: list<BatchResponse_Items> items
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

service HashtagService {
  /** Creates the hashtag of this name, or yields the existing one; the first spelling and description stay. Who may call: user. */
  CreateResponse Create(1: CreateRequest request) throws (1: failure.Failure failure)

  /** A hashtag. Who may call: public. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** A hashtag by its name, whatever the case and width. Who may call: public. */
  ByNameResponse ByName(1: ByNameRequest request) throws (1: failure.Failure failure)

  /** Trending hashtags of public videos, the hottest first. Who may call: public. */
  HotResponse Hot(1: HotRequest request) throws (1: failure.Failure failure)

  /** As `GET /hashtags/hot`, each hashtag with the covers of up to three of its hottest videos. Who may call: public. */
  TrendingResponse Trending(1: TrendingRequest request) throws (1: failure.Failure failure)

  /** The public videos of a hashtag, the newest or the hottest first. Who may call: public. */
  VideosResponse Videos(1: VideosRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BriefsResponse Briefs(1: BriefsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BatchResponse Batch(1: BatchRequest request) throws (1: failure.Failure failure)

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
