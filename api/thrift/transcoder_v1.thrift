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

struct RunnersRequest {
}

struct Runner_Jobs {
  1: i64 id
  2: string kind
  3: i64 media_id
  4: i64 progress
  5: i64 started_at_ms
}

struct Runner {
  1: i64 id
  2: string name
  3: string description
  4: bool is_enabled
  5: string version
  6: i64 created_at_ms
  7: i64 seen_at_ms
  8: string address
  9: bool is_present
  10: i64 jobs_done
  11: i64 jobs_failed
  12: list<Runner_Jobs> jobs
}

struct RunnersResponse {
  1: list<Runner> items
}

struct SwitchRunnerRequest {
  1: i64 id
  2: bool is_enabled
}

struct SwitchRunnerResponse_Jobs {
  1: i64 id
  2: string kind
  3: i64 media_id
  4: i64 progress
  5: i64 started_at_ms
}

struct SwitchRunnerResponse {
  1: i64 id
  2: string name
  3: string description
  4: bool is_enabled
  5: string version
  6: i64 created_at_ms
  7: i64 seen_at_ms
  8: string address
  9: bool is_present
  10: i64 jobs_done
  11: i64 jobs_failed
  12: list<SwitchRunnerResponse_Jobs> jobs
}

struct RemoveRunnerRequest {
  1: i64 id
}

struct RemoveRunnerResponse {
}

struct RunnerRegistrationsRequest {
}

struct RunnerRegistration {
  1: i64 id
  2: string label
  3: i64 created_at_ms
  4: optional i64 used_at_ms
  5: i64 runners
}

struct RunnerRegistrationsResponse {
  1: list<RunnerRegistration> items
}

struct AddRunnerRegistrationRequest {
  1: optional string label
}

struct AddRunnerRegistrationResponse {
  1: i64 id
  2: string label
  3: i64 created_at_ms
  4: optional i64 used_at_ms
  5: i64 runners
  6: string token
}

struct RevokeRunnerRegistrationRequest {
  1: i64 id
}

struct RevokeRunnerRegistrationResponse {
}

struct RegisterRunnerRequest {
  1: string registration_token
  2: string name
  3: optional string description
  4: string version
  5: i64 protocol
  6: optional string address
}

struct RegisterRunnerResponse {
  1: i64 id
  2: string runner_token
}

struct UnregisterRunnerRequest {
  1: string runner_token
}

struct UnregisterRunnerResponse {
}

struct RequestRunnerJobRequest {
  1: string runner_token
  2: list<string> kinds
  3: string version
  4: i64 protocol
  5: optional string address
}

struct RequestRunnerJobResponse_Job {
  1: i64 id
  2: string kind
  3: i64 attempt
  4: i64 attempts_max
  5: i64 fence
  6: string trace_id
  7: i64 created_at_ms
  8: i64 lease
  9: string task
  10: string facts
}

struct RequestRunnerJobResponse {
  1: optional RequestRunnerJobResponse_Job job
  2: i64 wait
}

struct RenewRunnerJobRequest {
  1: i64 id
  2: string runner_token
  3: i64 fence
  4: i64 progress
}

struct RenewRunnerJobResponse {
  1: bool is_held
}

struct ReportRunnerJobRequest_Events {
  1: string type
  2: string payload
}

struct ReportRunnerJobRequest_Tasks {
  1: string kind
  2: string payload
}

struct ReportRunnerJobRequest {
  1: i64 id
  2: string runner_token
  3: i64 fence
  4: i64 number
  5: bool is_last
  6: list<ReportRunnerJobRequest_Events> events
  7: list<ReportRunnerJobRequest_Tasks> tasks
}

struct ReportRunnerJobResponse {
}

struct PutOffRunnerJobRequest {
  1: i64 id
  2: string runner_token
  3: i64 fence
  4: i64 delay
  5: string reason
}

struct PutOffRunnerJobResponse {
}

struct FailRunnerJobRequest {
  1: i64 id
  2: string runner_token
  3: i64 fence
  4: string code
  5: string message
}

struct FailRunnerJobResponse {
}

struct RunnerFileRequest {
  1: i64 id
  2: string runner_token
  3: i64 fence
  4: string key
}

struct RunnerFileResponse {
  1: string key
}

struct RunnerOutputRequest {
  1: i64 id
  2: string runner_token
  3: i64 fence
}

struct RunnerOutputResponse {
  1: i64 bytes_max
}

struct AddRunnerOutputRequest {
  1: i64 id
  2: string runner_token
  3: i64 fence
  4: string key
  5: i64 size_bytes
}

struct AddRunnerOutputResponse {
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

  /** The transcoders that take jobs over HTTPS, and their present jobs. Who may call: admin. */
  RunnersResponse Runners(1: RunnersRequest request) throws (1: failure.Failure failure)

  /** Switches a runner off or on; its present jobs go to others. Who may call: admin. */
  SwitchRunnerResponse SwitchRunner(1: SwitchRunnerRequest request) throws (1: failure.Failure failure)

  /** Removes a runner: its token is refused from then on, and its present jobs go to others. Who may call: admin. */
  RemoveRunnerResponse RemoveRunner(1: RemoveRunnerRequest request) throws (1: failure.Failure failure)

  /** The registration tokens of runners, without the tokens themselves. Who may call: admin. */
  RunnerRegistrationsResponse RunnerRegistrations(1: RunnerRegistrationsRequest request) throws (1: failure.Failure failure)

  /** Makes a registration token, which is in this answer alone. Who may call: admin. */
  AddRunnerRegistrationResponse AddRunnerRegistration(1: AddRunnerRegistrationRequest request) throws (1: failure.Failure failure)

  /** Revokes a registration token; runners that registered by it stay. Who may call: admin. */
  RevokeRunnerRegistrationResponse RevokeRunnerRegistration(1: RevokeRunnerRegistrationRequest request) throws (1: failure.Failure failure)

  /** Registers a runner by a registration token. The runner's own token is in this answer alone. Who may call: public. */
  RegisterRunnerResponse RegisterRunner(1: RegisterRunnerRequest request) throws (1: failure.Failure failure)

  /** Removes the runner that asks. Who may call: public. */
  UnregisterRunnerResponse UnregisterRunner(1: UnregisterRunnerRequest request) throws (1: failure.Failure failure)

  /** Gives the runner the next job that it may take, under a lease. Who may call: public. */
  RequestRunnerJobResponse RequestRunnerJob(1: RequestRunnerJobRequest request) throws (1: failure.Failure failure)

  /** Prolongs the lease of a job; false where it was cancelled or went to another worker. Who may call: public. */
  RenewRunnerJobResponse RenewRunnerJob(1: RenewRunnerJobRequest request) throws (1: failure.Failure failure)

  /** Commits results of a job, all or none, while the runner holds it; the last ones end it. Who may call: public. */
  ReportRunnerJobResponse ReportRunnerJob(1: ReportRunnerJobRequest request) throws (1: failure.Failure failure)

  /** Gives a job back for later; the try does not count. Who may call: public. */
  PutOffRunnerJobResponse PutOffRunnerJob(1: PutOffRunnerJobRequest request) throws (1: failure.Failure failure)

  /** Reports that a try of a job failed. Who may call: public. */
  FailRunnerJobResponse FailRunnerJob(1: FailRunnerJobRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RunnerFileResponse RunnerFile(1: RunnerFileRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RunnerOutputResponse RunnerOutput(1: RunnerOutputRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  AddRunnerOutputResponse AddRunnerOutput(1: AddRunnerOutputRequest request) throws (1: failure.Failure failure)

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
