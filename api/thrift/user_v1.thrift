// Made by `npm run generate` from the contract of user.
namespace * kinora.user.v1

include "failure.thrift"

struct GetRequest {
  1: i64 id
}

struct GetResponse_Links {
  1: string title
  2: string url
}

struct GetResponse {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string background_image
  6: i64 gender
  7: string bio
  8: string introduction
  25: string about
  26: list<GetResponse_Links> links
  9: string province
  10: string city
  11: string school
  12: string company
  13: string profession
  14: string homepage
  15: string role
  16: bool is_verified
  27: bool approves_followers
  17: i64 created_at_ms
  18: optional string email
  19: optional string phone
  20: optional string birthday
  21: optional bool show_favorites
  22: optional bool show_likes
  23: optional bool show_following
  24: optional bool show_followers
}

struct ByNameRequest {
  1: string username
}

struct ByNameResponse_Links {
  1: string title
  2: string url
}

struct ByNameResponse {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string background_image
  6: i64 gender
  7: string bio
  8: string introduction
  25: string about
  26: list<ByNameResponse_Links> links
  9: string province
  10: string city
  11: string school
  12: string company
  13: string profession
  14: string homepage
  15: string role
  16: bool is_verified
  27: bool approves_followers
  17: i64 created_at_ms
  18: optional string email
  19: optional string phone
  20: optional string birthday
  21: optional bool show_favorites
  22: optional bool show_likes
  23: optional bool show_following
  24: optional bool show_followers
}

struct ProfileLink {
  1: string title
  2: string url
}

struct UpdateRequest_LinksList {
  1: list<ProfileLink> items
}

struct UpdateRequest {
  1: i64 id
  2: optional string nickname
  3: optional string bio
  4: optional string avatar
  5: optional string background_image
  6: optional i64 gender
  7: optional string birthday
  8: optional string province
  9: optional string city
  10: optional string email
  11: optional string phone
  12: optional string school
  13: optional string company
  14: optional string profession
  15: optional string homepage
  16: optional string introduction
  21: optional string about
  22: optional UpdateRequest_LinksList links
  17: optional bool show_favorites
  18: optional bool show_likes
  19: optional bool show_following
  20: optional bool show_followers
  23: optional bool approve_followers
}

struct UpdateResponse_Links {
  1: string title
  2: string url
}

struct UpdateResponse {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string background_image
  6: i64 gender
  7: string bio
  8: string introduction
  25: string about
  26: list<UpdateResponse_Links> links
  9: string province
  10: string city
  11: string school
  12: string company
  13: string profession
  14: string homepage
  15: string role
  16: bool is_verified
  27: bool approves_followers
  17: i64 created_at_ms
  18: optional string email
  19: optional string phone
  20: optional string birthday
  21: optional bool show_favorites
  22: optional bool show_likes
  23: optional bool show_following
  24: optional bool show_followers
}

struct BriefsRequest {
  1: list<i64> ids
}

struct UserBrief {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string introduction
  6: optional string role
}

struct BriefsResponse {
  1: list<UserBrief> items
}

struct CardsRequest {
  1: list<i64> ids
}

struct CardsResponse_Items {
  1: i64 id
  2: string username
  3: string avatar
  4: string background_image
  5: string bio
}

struct CardsResponse {
  1: list<CardsResponse_Items> items
}

struct PrivacyRequest {
  1: list<i64> ids
}

struct PrivacyResponse_Items {
  1: i64 id
  2: bool show_favorites
  3: bool show_likes
  4: bool show_following
  5: bool show_followers
  6: bool approves_followers
}

struct PrivacyResponse {
  1: list<PrivacyResponse_Items> items
}

struct BatchRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct BatchResponse_Items {
  1: i64 user_id
  2: string username
  3: string nickname
  4: i64 version
}

struct BatchResponse {
  1: list<BatchResponse_Items> items
}

struct NamedRequest {
  1: list<string> names
}

struct NamedResponse_Items {
  1: i64 user_id
  2: string username
}

struct NamedResponse {
  1: list<NamedResponse_Items> items
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

service UserService {
  /** A profile; `me` is the caller's own. Who may call: public. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** A profile by its user name, whatever the case. Who may call: public. */
  ByNameResponse ByName(1: ByNameRequest request) throws (1: failure.Failure failure)

  /** Changes the caller's profile; omitted fields keep their value. A picture at another address is fetched once and stored here. Another e-mail address needs a fresh sign-in. Who may call: user. */
  UpdateResponse Update(1: UpdateRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BriefsResponse Briefs(1: BriefsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  CardsResponse Cards(1: CardsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PrivacyResponse Privacy(1: PrivacyRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BatchResponse Batch(1: BatchRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  NamedResponse Named(1: NamedRequest request) throws (1: failure.Failure failure)

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
