// Made by `npm run generate` from the contract of relation.
namespace * kinora.relation.v1

include "failure.thrift"

struct FollowRequest {
  1: i64 id
}

struct FollowResponse {
  1: bool following
  2: bool requested
}

struct UnfollowRequest {
  1: i64 id
}

struct UnfollowResponse {
  1: bool following
}

struct FollowersRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct UserBrief {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string introduction
  6: optional string role
}

struct FollowersResponse {
  1: list<UserBrief> items
  2: optional string next_
  3: optional i64 total
}

struct FollowingRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct FollowingResponse {
  1: list<UserBrief> items
  2: optional string next_
  3: optional i64 total
}

struct FriendsRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct FriendsResponse {
  1: list<UserBrief> items
  2: optional string next_
  3: optional i64 total
}

struct FollowRequestsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct FollowerRequest {
  1: optional UserBrief user
  2: i64 created_at_ms
}

struct FollowRequestsResponse {
  1: list<FollowerRequest> items
  2: optional string next_
  3: optional i64 total
}

struct SentFollowRequestsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct SentFollowRequestsResponse {
  1: list<FollowerRequest> items
  2: optional string next_
  3: optional i64 total
}

struct AnswerFollowRequestRequest {
  1: i64 user_id
  2: bool accept
}

struct AnswerFollowRequestResponse {
}

struct SuggestionsRequest {
  1: optional i64 limit
}

struct Suggestion_Mutuals {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: optional string role
}

struct Suggestion {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string introduction
  9: optional string role
  6: string reason
  7: list<Suggestion_Mutuals> mutuals
  8: i64 mutual_count
}

struct SuggestionsResponse {
  1: list<Suggestion> items
}

struct RemoveFollowerRequest {
  1: i64 id
}

struct RemoveFollowerResponse {
}

struct BlacklistRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct BlacklistResponse {
  1: list<UserBrief> items
  2: optional string next_
  3: optional i64 total
}

struct BlockRequest {
  1: i64 user_id
}

struct BlockResponse {
  1: bool blocked
}

struct UnblockRequest {
  1: i64 id
}

struct UnblockResponse {
  1: bool blocked
}

struct StatesRequest {
  1: list<i64> user_ids
}

struct StatesResponse_Items {
  1: i64 user_id
  2: bool is_followed
  3: bool is_follower
  4: bool is_blocked
  5: bool is_blocking
  6: bool is_requested
}

struct StatesResponse {
  1: list<StatesResponse_Items> items
}

struct FollowedRequest {
  1: list<i64> user_ids
}

struct FollowedResponse {
  1: list<i64> user_ids
}

struct BetweenRequest {
  1: i64 user_id
  2: list<i64> other_ids
}

struct BetweenResponse_Items {
  1: i64 user_id
  2: bool is_followed
  3: bool is_follower
  4: bool is_blocked
  5: bool is_blocking
}

struct BetweenResponse {
  1: list<BetweenResponse_Items> items
}

struct TowardsRequest {
  1: i64 user_id
  2: list<i64> other_ids
}

struct TowardsResponse_Items {
  1: i64 user_id
  2: bool is_followed
  3: bool is_blocked
  4: bool is_blocking
}

struct TowardsResponse {
  1: list<TowardsResponse_Items> items
}

struct FollowedSinceRequest {
  1: i64 user_id
  2: list<i64> other_ids
}

struct FollowedSinceResponse_Items {
  1: i64 user_id
  2: i64 since_ms
}

struct FollowedSinceResponse {
  1: list<FollowedSinceResponse_Items> items
}

struct CountsRequest {
  1: list<i64> user_ids
}

struct CountsResponse_Items {
  1: i64 user_id
  2: i64 follow_count
  3: i64 follower_count
  4: i64 friend_count
}

struct CountsResponse {
  1: list<CountsResponse_Items> items
}

struct FollowersOfRequest {
  1: i64 user_id
  2: optional i64 after
  3: optional i64 limit
}

struct FollowersOfResponse {
  1: list<i64> user_ids
  2: optional i64 next_
}

struct FollowingOfRequest {
  1: i64 user_id
  2: optional i64 after
  3: optional i64 limit
}

struct FollowingOfResponse {
  1: list<i64> user_ids
  2: optional i64 next_
  3: list<i64> mutual_ids
}

struct HiddenFromRequest {
  1: i64 user_id
  2: optional i64 limit
}

struct HiddenFromResponse {
  1: list<i64> user_ids
  2: bool is_whole
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

service RelationService {
  /** Follows a user, or asks to, where the user approves followers (`requested`); repeating changes nothing. Who may call: user. */
  FollowResponse Follow(1: FollowRequest request) throws (1: failure.Failure failure)

  /** Unfollows a user, or withdraws the request to. Who may call: user. */
  UnfollowResponse Unfollow(1: UnfollowRequest request) throws (1: failure.Failure failure)

  /** The followers of a user, latest first, unless the user hides them; those of a user who approves followers for followers alone. Who may call: public. */
  FollowersResponse Followers(1: FollowersRequest request) throws (1: failure.Failure failure)

  /** The users a user follows, latest first, unless the user hides them. Who may call: public. */
  FollowingResponse Following(1: FollowingRequest request) throws (1: failure.Failure failure)

  /** The mutual follows of a user, latest first, unless the user hides one of the lists. Who may call: public. */
  FriendsResponse Friends(1: FriendsRequest request) throws (1: failure.Failure failure)

  /** Users who ask to follow the caller, latest first. Who may call: user. */
  FollowRequestsResponse FollowRequests(1: FollowRequestsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SentFollowRequestsResponse SentFollowRequests(1: SentFollowRequestsRequest request) throws (1: failure.Failure failure)

  /** Accepts or refuses a request to follow the caller; a refusal notifies nobody. Who may call: user. */
  AnswerFollowRequestResponse AnswerFollowRequest(1: AnswerFollowRequestRequest request) throws (1: failure.Failure failure)

  /** Accounts to follow: those followed by accounts the caller follows or by others who follow the same, then those with the most followers. Who may call: user. */
  SuggestionsResponse Suggestions(1: SuggestionsRequest request) throws (1: failure.Failure failure)

  /** Removes a follower of the caller. Who may call: user. */
  RemoveFollowerResponse RemoveFollower(1: RemoveFollowerRequest request) throws (1: failure.Failure failure)

  /** The users the caller blocks, latest first. Who may call: user. */
  BlacklistResponse Blacklist(1: BlacklistRequest request) throws (1: failure.Failure failure)

  /** Blocks a user and ends follows in both directions; repeating changes nothing. Who may call: user. */
  BlockResponse Block(1: BlockRequest request) throws (1: failure.Failure failure)

  /** Unblocks a user. Who may call: user. */
  UnblockResponse Unblock(1: UnblockRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  StatesResponse States(1: StatesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FollowedResponse Followed(1: FollowedRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BetweenResponse Between(1: BetweenRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  TowardsResponse Towards(1: TowardsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FollowedSinceResponse FollowedSince(1: FollowedSinceRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  CountsResponse Counts(1: CountsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FollowersOfResponse FollowersOf(1: FollowersOfRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FollowingOfResponse FollowingOf(1: FollowingOfRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  HiddenFromResponse HiddenFrom(1: HiddenFromRequest request) throws (1: failure.Failure failure)

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
