// Made by `npm run generate` from the contract of transfer.
namespace * kinora.transfer.v1

include "failure.thrift"

struct StartRequest {
  1: string kind
  2: string from_
  3: optional string to
  4: optional string space
  5: optional i64 user_id
  6: optional i64 older_than_ms
  7: optional i64 larger_than_bytes
  8: optional i64 bytes_per_second
}

struct StartResponse {
  1: i64 id
  2: string kind
  3: optional string from_
  4: optional string to
  5: optional string space
  6: optional i64 user_id
  7: optional i64 older_than_ms
  8: optional i64 larger_than_bytes
  9: optional i64 bytes_per_second
  10: bool is_automatic
  25: bool is_scrub
  11: string status
  12: bool is_planned
  13: i64 objects_total
  14: i64 bytes_total
  15: i64 objects_done
  16: i64 bytes_done
  17: i64 objects_waiting
  18: i64 objects_skipped
  26: i64 objects_damaged
  19: i64 objects_repaired
  20: i64 objects_failed
  21: optional string reason
  22: i64 created_at_ms
  23: optional i64 started_at_ms
  24: optional i64 ended_at_ms
}

struct ListRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct Transfer {
  1: i64 id
  2: string kind
  3: optional string from_
  4: optional string to
  5: optional string space
  6: optional i64 user_id
  7: optional i64 older_than_ms
  8: optional i64 larger_than_bytes
  9: optional i64 bytes_per_second
  10: bool is_automatic
  25: bool is_scrub
  11: string status
  12: bool is_planned
  13: i64 objects_total
  14: i64 bytes_total
  15: i64 objects_done
  16: i64 bytes_done
  17: i64 objects_waiting
  18: i64 objects_skipped
  26: i64 objects_damaged
  19: i64 objects_repaired
  20: i64 objects_failed
  21: optional string reason
  22: i64 created_at_ms
  23: optional i64 started_at_ms
  24: optional i64 ended_at_ms
}

struct ListResponse {
  1: list<Transfer> items
  2: optional string next_
  3: optional i64 total
}

struct StoresRequest {
}

struct Store {
  1: string name
  2: bool is_default
  3: bool is_ready
  4: optional string reason
  5: bool is_long_term
}

struct StoresResponse {
  1: list<Store> items
}

struct DamagedRequest {
}

struct DamagedObject {
  1: string object
  2: string store
  3: i64 size_bytes
  4: i64 found_at_ms
  5: list<i64> user_ids
}

struct DamagedResponse {
  1: list<DamagedObject> items
}

struct FreeSpaceRequest {
}

struct FreeSpaceResponse {
  1: i64 id
  2: string status
  3: i64 objects
  4: i64 bytes
  5: optional string reason
  6: i64 created_at_ms
  7: optional i64 ended_at_ms
}

struct FreedSpaceRequest {
}

struct SpaceRelease {
  1: i64 id
  2: string status
  3: i64 objects
  4: i64 bytes
  5: optional string reason
  6: i64 created_at_ms
  7: optional i64 ended_at_ms
}

struct FreedSpaceResponse {
  1: optional SpaceRelease latest
}

struct GetRequest {
  1: i64 id
}

struct GetResponse_Failures {
  1: string object
  2: i64 size_bytes
  3: string error
  4: string message
}

struct GetResponse {
  1: i64 id
  2: string kind
  3: optional string from_
  4: optional string to
  5: optional string space
  6: optional i64 user_id
  7: optional i64 older_than_ms
  8: optional i64 larger_than_bytes
  9: optional i64 bytes_per_second
  10: bool is_automatic
  26: bool is_scrub
  11: string status
  12: bool is_planned
  13: i64 objects_total
  14: i64 bytes_total
  15: i64 objects_done
  16: i64 bytes_done
  17: i64 objects_waiting
  18: i64 objects_skipped
  27: i64 objects_damaged
  19: i64 objects_repaired
  20: i64 objects_failed
  21: optional string reason
  22: i64 created_at_ms
  23: optional i64 started_at_ms
  24: optional i64 ended_at_ms
  25: list<GetResponse_Failures> failures
}

struct PauseRequest {
  1: i64 id
}

struct PauseResponse {
  1: i64 id
  2: string kind
  3: optional string from_
  4: optional string to
  5: optional string space
  6: optional i64 user_id
  7: optional i64 older_than_ms
  8: optional i64 larger_than_bytes
  9: optional i64 bytes_per_second
  10: bool is_automatic
  25: bool is_scrub
  11: string status
  12: bool is_planned
  13: i64 objects_total
  14: i64 bytes_total
  15: i64 objects_done
  16: i64 bytes_done
  17: i64 objects_waiting
  18: i64 objects_skipped
  26: i64 objects_damaged
  19: i64 objects_repaired
  20: i64 objects_failed
  21: optional string reason
  22: i64 created_at_ms
  23: optional i64 started_at_ms
  24: optional i64 ended_at_ms
}

struct ResumeRequest {
  1: i64 id
}

struct ResumeResponse {
  1: i64 id
  2: string kind
  3: optional string from_
  4: optional string to
  5: optional string space
  6: optional i64 user_id
  7: optional i64 older_than_ms
  8: optional i64 larger_than_bytes
  9: optional i64 bytes_per_second
  10: bool is_automatic
  25: bool is_scrub
  11: string status
  12: bool is_planned
  13: i64 objects_total
  14: i64 bytes_total
  15: i64 objects_done
  16: i64 bytes_done
  17: i64 objects_waiting
  18: i64 objects_skipped
  26: i64 objects_damaged
  19: i64 objects_repaired
  20: i64 objects_failed
  21: optional string reason
  22: i64 created_at_ms
  23: optional i64 started_at_ms
  24: optional i64 ended_at_ms
}

struct CancelRequest {
  1: i64 id
}

struct CancelResponse {
  1: i64 id
  2: string kind
  3: optional string from_
  4: optional string to
  5: optional string space
  6: optional i64 user_id
  7: optional i64 older_than_ms
  8: optional i64 larger_than_bytes
  9: optional i64 bytes_per_second
  10: bool is_automatic
  25: bool is_scrub
  11: string status
  12: bool is_planned
  13: i64 objects_total
  14: i64 bytes_total
  15: i64 objects_done
  16: i64 bytes_done
  17: i64 objects_waiting
  18: i64 objects_skipped
  26: i64 objects_damaged
  19: i64 objects_repaired
  20: i64 objects_failed
  21: optional string reason
  22: i64 created_at_ms
  23: optional i64 started_at_ms
  24: optional i64 ended_at_ms
}

struct RequestRequest_Hash {
  1: string kind
  2: string hex
}

struct RequestRequest {
  1: optional RequestRequest_Hash hash
  2: optional string from_
  3: string to
}

struct RequestResponse {
  1: bool is_known
}

struct ReportDamageRequest_Items {
  1: string object
  2: string store
}

struct ReportDamageRequest {
  1: list<ReportDamageRequest_Items> items
}

struct ReportDamageResponse {
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

service TransferService {
  /** Begins to move or copy objects from one store to another, or to check or repair those of one store. Every copy is read back and compared before the old one is removed. Who may call: admin. */
  StartResponse Start(1: StartRequest request) throws (1: failure.Failure failure)

  /** Transfers, the latest first. Who may call: admin. */
  ListResponse List(1: ListRequest request) throws (1: failure.Failure failure)

  /** The stores, whether they can be written to, and which are the default and the long-term store. Who may call: admin. */
  StoresResponse Stores(1: StoresRequest request) throws (1: failure.Failure failure)

  /** The first two hundred objects that are damaged and that no store has whole. They are not served, and their bytes are kept. Who may call: admin. */
  DamagedResponse Damaged(1: DamagedRequest request) throws (1: failure.Failure failure)

  /** Begins to delete everything that waits for its grace time: bytes of deleted videos and files, replaced renditions, and uploaded content without a file. Returns the release that is under way where there is one. Who may call: admin. */
  FreeSpaceResponse FreeSpace(1: FreeSpaceRequest request) throws (1: failure.Failure failure)

  /** The latest release of space, with the objects and bytes it has deleted so far. Who may call: admin. */
  FreedSpaceResponse FreedSpace(1: FreedSpaceRequest request) throws (1: failure.Failure failure)

  /** One transfer with the first hundred objects that failed, and why. Who may call: admin. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** Pauses a transfer; nothing that was done is lost. Who may call: admin. */
  PauseResponse Pause(1: PauseRequest request) throws (1: failure.Failure failure)

  /** Resumes a transfer that is paused or failed; its failed objects are tried again. Who may call: admin. */
  ResumeResponse Resume(1: ResumeRequest request) throws (1: failure.Failure failure)

  /** Cancels a transfer; moved objects stay moved, copied ones stay in both stores. Who may call: admin. */
  CancelResponse Cancel(1: CancelRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RequestResponse Request(1: RequestRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ReportDamageResponse ReportDamage(1: ReportDamageRequest request) throws (1: failure.Failure failure)

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
