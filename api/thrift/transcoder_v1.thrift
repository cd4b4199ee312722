// Made by `npm run generate` from the contract of transcoder.
namespace * kinora.transcoder.v1

include "failure.thrift"

struct CapabilitiesRequest {
}

struct CapabilitiesResponse_Faults {
  1: string state
  2: string says
}

struct CapabilitiesResponse {
  1: optional string ffmpeg
  2: optional string version
  6: optional CapabilitiesResponse_Faults faults
  3: string sandbox
  7: list<string> allowed
  4: i64 queued
  5: i64 running
}

struct DecodersRequest {
}

struct DecodersResponse_Faults {
  1: string state
  2: string says
}

struct DecodersResponse {
  1: optional string ffmpeg
  2: optional string version
  3: optional DecodersResponse_Faults faults
  4: string sandbox
  5: list<string> allowed
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

service TranscoderService {
  /** Who may call: service. */
  CapabilitiesResponse Capabilities(1: CapabilitiesRequest request) throws (1: failure.Failure failure)

  /** The FFmpeg that reads strangers' files, what is known against its version, and what holds it. Who may call: admin. */
  DecodersResponse Decoders(1: DecodersRequest request) throws (1: failure.Failure failure)

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
