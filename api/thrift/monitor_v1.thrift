// Made by `npm run generate` from the contract of monitor.
namespace * kinora.monitor.v1

include "failure.thrift"

struct HealthRequest {
}

struct MonitoredProcess {
  1: string id
  2: string host
  3: string version
  4: list<string> services
  5: i64 started_at_ms
  6: double cpu
  7: i64 memory_bytes
  8: i64 connections
  9: double event_loop_lag_ms
  10: string state
}

struct MonitoredComponent {
  1: string name
  2: string kind
  3: string state
  4: string message
  5: optional double latency_ms
  6: i64 since_ms
}

struct MonitoredProcessChange {
  1: i64 at_ms
  2: string change
  3: string process
  4: string host
  5: string version
  6: list<string> services
}

struct HealthResponse {
  1: string status
  2: i64 since_ms
  3: list<MonitoredProcess> processes
  4: list<MonitoredComponent> components
  5: list<MonitoredProcessChange> changes
}

struct MetricsRequest {
  1: list<string> name
  2: optional string service_
  3: optional i64 from_ms
  4: optional i64 to_ms
  5: optional double step
}

struct MetricsResponse_Items_Labels {
  1: optional string service_
  2: optional string consumer
  3: optional string status
  4: optional string result
  5: optional string state
  6: optional string process
}

struct MetricsResponse_Items_PointsList {
  1: list<double> items
}

struct MetricsResponse_Items {
  1: string name
  2: optional MetricsResponse_Items_Labels labels
  3: list<MetricsResponse_Items_PointsList> points
}

struct MetricsResponse {
  1: list<MetricsResponse_Items> items
}

struct ReportRequest_Components {
  1: string name
  2: string kind
  3: string state
  4: string message
  5: optional double latency_ms
}

struct ReportRequest_Samples_Labels {
  1: optional string service_
  2: optional string consumer
  3: optional string status
  4: optional string result
  5: optional string state
  6: optional string process
}

struct ReportRequest_Samples {
  1: string name
  2: optional ReportRequest_Samples_Labels labels
  3: double value
}

struct ReportRequest {
  1: string id
  2: string host
  3: string version
  4: list<string> services
  5: i64 started_at_ms
  6: double cpu
  7: i64 memory_bytes
  8: i64 connections
  9: double event_loop_lag_ms
  10: string state
  11: list<ReportRequest_Components> components
  12: list<ReportRequest_Samples> samples
}

struct ReportResponse {
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

service MonitorService {
  /** Returns whether all is well: the processes, what they stand on, and which processes appeared and disappeared last. A process that has not reported for three minutes is `away`. Who may call: moderator. */
  HealthResponse Health(1: HealthRequest request) throws (1: failure.Failure failure)

  /** Returns series of metrics: by minutes for the last 7 days, by hours for 90. A point is the time in seconds since 1970 and a value: of counters the growth within `step` seconds, of gauges the mean, of durations the mean in seconds. Who may call: admin. */
  MetricsResponse Metrics(1: MetricsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ReportResponse Report(1: ReportRequest request) throws (1: failure.Failure failure)

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
