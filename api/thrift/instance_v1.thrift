// Made by `npm run generate` from the contract of instance.
namespace * kinora.instance.v1

include "failure.thrift"

struct GetRequest {
}

struct GetResponse_Theme_Dark {
  1: string accent
  2: string ink
}

struct GetResponse_Theme_Light {
  1: string accent
  2: string ink
}

struct GetResponse_Theme {
  1: optional GetResponse_Theme_Dark dark
  2: optional GetResponse_Theme_Light light
}

struct GetResponse {
  1: string name
  2: string description
  3: string rules
  4: string contact
  5: string icon_url
  6: string accent
  7: optional GetResponse_Theme theme
  8: list<string> languages
  9: string start_page
  10: bool first_run
  11: string registration
  16: string sign_up_email
  17: bool users_invite
  12: bool demo
  13: i64 upload_bytes_max
  14: list<string> features
  15: optional string version
}

struct UpdateRequest_LanguagesList {
  1: list<string> items
}

struct UpdateRequest {
  1: optional string name
  2: optional string description
  3: optional string rules
  4: optional string contact
  5: optional string icon_url
  6: optional string accent
  7: optional UpdateRequest_LanguagesList languages
  8: optional string start_page
  9: optional string registration
}

struct UpdateResponse_Theme_Dark {
  1: string accent
  2: string ink
}

struct UpdateResponse_Theme_Light {
  1: string accent
  2: string ink
}

struct UpdateResponse_Theme {
  1: optional UpdateResponse_Theme_Dark dark
  2: optional UpdateResponse_Theme_Light light
}

struct UpdateResponse {
  1: string name
  2: string description
  3: string rules
  4: string contact
  5: string icon_url
  6: string accent
  7: optional UpdateResponse_Theme theme
  8: list<string> languages
  9: string start_page
  10: bool first_run
  11: string registration
  16: string sign_up_email
  17: bool users_invite
  12: bool demo
  13: i64 upload_bytes_max
  14: list<string> features
  15: optional string version
}

struct HistoryRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct InstanceChange {
  1: i64 id
  2: i64 actor_id
  3: list<string> fields
  4: i64 created_at_ms
}

struct HistoryResponse {
  1: list<InstanceChange> items
  2: optional string next_
  3: optional i64 total
}

struct OverviewRequest {
}

struct OverviewResponse_Users {
  1: i64 total
  2: list<i64> series
}

struct OverviewResponse_Videos {
  1: i64 total
  2: list<i64> series
}

struct OverviewResponse_ViewsToday {
  1: i64 total
  2: list<i64> series
}

struct OverviewResponse_WatchingNow {
  1: i64 total
  2: list<i64> series
}

struct OverviewResponse_Live {
  1: i64 rooms
  2: i64 viewers
}

struct OverviewResponse_Storage_ByKind {
  1: i64 video
  2: i64 audio
  3: i64 image
  4: i64 other
  5: i64 renditions
}

struct OverviewResponse_Storage {
  1: i64 used
  2: optional i64 free
  3: optional OverviewResponse_Storage_ByKind by_kind
  4: optional i64 days_left
}

struct OverviewResponse_Processing {
  1: i64 running
  2: i64 waiting
  3: i64 failed
  4: i64 wait_seconds
}

struct OverviewResponse_Reports {
  1: i64 open
  3: i64 held
  2: i64 oldest_hours
}

struct OverviewResponse_Components {
  1: string name
  2: optional string version
  3: string state
  4: optional string faults
}

struct OverviewResponse_Backup {
  1: i64 at_ms
  2: optional i64 verified_at_ms
}

struct Advice_Values {
  1: optional i64 days
  2: optional i64 count
  3: optional i64 hours
  4: optional string name
}

struct Advice {
  1: string code
  2: string severity
  3: optional Advice_Values values
  4: string path
}

struct OverviewResponse {
  1: optional OverviewResponse_Users users
  2: optional OverviewResponse_Videos videos
  3: optional OverviewResponse_ViewsToday views_today
  4: optional OverviewResponse_WatchingNow watching_now
  11: optional OverviewResponse_Live live
  5: optional OverviewResponse_Storage storage
  6: optional OverviewResponse_Processing processing
  7: optional OverviewResponse_Reports reports
  8: list<OverviewResponse_Components> components
  9: optional OverviewResponse_Backup backup
  10: list<Advice> advice
}

struct TestMailRequest {
  1: string to
}

struct TestMailResponse {
}

struct IconRequest {
  1: string name
}

struct IconResponse {
  1: optional string mime
  2: optional binary bytes
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

service InstanceService {
  /** Returns the public properties of this instance; `version` for administrators alone. Who may call: public. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** Changes settings of this instance; omitted fields keep their value. `icon_url` is a picture that the caller uploaded, or empty; an empty `accent` is the default one. An accent that suits one of the themes in no way is refused with the nearest one that does, in `errors[].suggestion`. Who may call: admin. */
  UpdateResponse Update(1: UpdateRequest request) throws (1: failure.Failure failure)

  /** Changes of the settings of this instance, latest first. Who may call: admin. */
  HistoryResponse History(1: HistoryRequest request) throws (1: failure.Failure failure)

  /** Returns how this instance is: its size, its use, its work and what to see to; a few seconds old at most. Who may call: admin. */
  OverviewResponse Overview(1: OverviewRequest request) throws (1: failure.Failure failure)

  /** Sends a test mail; where the mail server does not take it, the message has its answer. Who may call: admin. */
  TestMailResponse TestMail(1: TestMailRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  IconResponse Icon(1: IconRequest request) throws (1: failure.Failure failure)

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
