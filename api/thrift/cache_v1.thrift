// Made by `npm run generate` from the contract of cache.
namespace * kinora.cache.v1

include "failure.thrift"

struct PoliciesRequest {
}

struct CachePolicy {
  1: string name
  2: string service_
  3: double ttl_seconds
  4: double stale_seconds
  5: optional i64 entries
  6: optional i64 bytes
  7: i64 hits
  8: i64 misses
  9: double hit_rate
  10: bool shared
  11: string what
  12: optional double max_seconds
  13: bool warmable
}

struct PoliciesResponse {
  1: list<CachePolicy> items
}

struct SetPolicyRequest {
  1: string name
  2: optional double ttl_seconds
  3: optional double stale_seconds
}

struct SetPolicyResponse {
  1: string name
  2: string service_
  3: double ttl_seconds
  4: double stale_seconds
  5: optional i64 entries
  6: optional i64 bytes
  7: i64 hits
  8: i64 misses
  9: double hit_rate
  10: bool shared
  11: string what
  12: optional double max_seconds
  13: bool warmable
}

struct InvalidateRequest_KeysList {
  1: list<string> items
}

struct InvalidateRequest_TagsList {
  1: list<string> items
}

struct InvalidateRequest {
  1: optional string name
  2: optional InvalidateRequest_KeysList keys
  3: optional InvalidateRequest_TagsList tags
  4: optional bool all
}

struct InvalidateResponse {
  1: i64 invalidated
}

struct WarmRequest {
  1: string name
  2: list<string> keys
}

struct WarmResponse {
  1: i64 job_id
}

struct StatsRequest {
}

struct StatsResponse_Processes {
  1: string id
  2: optional i64 entries
  3: optional i64 bytes
  4: i64 hits
  5: i64 misses
  6: double hit_rate
}

struct StatsResponse {
  1: optional i64 entries
  2: optional i64 bytes
  3: i64 hits
  4: i64 misses
  5: double hit_rate
  6: list<StatsResponse_Processes> processes
}

struct FollowRequest_Reports {
  1: string name
  2: string what
  3: double ttl_ms
  4: optional double stale_ms
  5: optional double lifetime_ms_max
  6: bool is_shared
  7: bool can_warm
  8: optional i64 entries
  9: optional i64 bytes
  10: i64 hits
  11: i64 misses
}

struct FollowRequest_ReportsList {
  1: list<FollowRequest_Reports> items
}

struct FollowRequest {
  1: string process
  2: optional i64 revision
  3: optional FollowRequest_ReportsList reports
}

struct FollowResponse_Changes_Settings {
  1: string name
  2: optional double ttl_ms
  3: optional double stale_ms
  4: i64 generation
}

struct FollowResponse_Changes_Deletions {
  1: i64 revision
  2: list<string> keys
  3: list<string> tags
}

struct FollowResponse_Changes_DeletionsList {
  1: list<FollowResponse_Changes_Deletions> items
}

struct FollowResponse_Changes {
  1: i64 revision
  2: i64 generation
  3: list<FollowResponse_Changes_Settings> settings
  4: optional FollowResponse_Changes_DeletionsList deletions
}

struct FollowResponse_Warmings {
  1: i64 id
  2: string name
  3: list<string> keys
}

struct FollowResponse {
  1: optional FollowResponse_Changes changes
  2: list<FollowResponse_Warmings> warmings
}

struct ReportWarmUpRequest {
  1: i64 id
  2: string process
  3: i64 count
}

struct ReportWarmUpResponse {
}

struct ReportsRequest {
}

struct ReportsResponse_Items_Reports {
  1: string name
  2: string what
  3: double ttl_ms
  4: optional double stale_ms
  5: optional double lifetime_ms_max
  6: bool is_shared
  7: bool can_warm
  8: optional i64 entries
  9: optional i64 bytes
  10: i64 hits
  11: i64 misses
}

struct ReportsResponse_Items {
  1: string process
  2: double age_ms
  3: list<ReportsResponse_Items_Reports> reports
}

struct ReportsResponse {
  1: list<ReportsResponse_Items> items
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

service CacheService {
  /** Returns the caches of all processes: how long entries live, how many there are, and how often they answered. Who may call: admin. */
  PoliciesResponse Policies(1: PoliciesRequest request) throws (1: failure.Failure failure)

  /** Changes how long entries of a cache live, in all processes within two seconds. Its older entries are deleted. Times beyond the bound of a cache that grants access are refused with the bound, `max`. Who may call: admin. */
  SetPolicyResponse SetPolicy(1: SetPolicyRequest request) throws (1: failure.Failure failure)

  /** Deletes entries in all processes within two seconds: of one cache (`name`), of `keys` (`<cache>/<key>`), about subjects (`tags`, such as `video:7`), or `all`. Returns how many of them were named. Who may call: admin. */
  InvalidateResponse Invalidate(1: InvalidateRequest request) throws (1: failure.Failure failure)

  /** Lets each process look up entries of a cache ahead of time, those of `keys` or all that it can name, as a job. Who may call: admin. */
  WarmResponse Warm(1: WarmRequest request) throws (1: failure.Failure failure)

  /** Returns what all caches hold together, and those of each process. Who may call: admin. */
  StatsResponse Stats(1: StatsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FollowResponse Follow(1: FollowRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ReportWarmUpResponse ReportWarmUp(1: ReportWarmUpRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ReportsResponse Reports(1: ReportsRequest request) throws (1: failure.Failure failure)

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
