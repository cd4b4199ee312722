// Made by `npm run generate` from the contract of worker.
namespace * kinora.worker.v1

include "failure.thrift"

struct DeadRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct DeadJob {
  1: i64 id
  2: string kind
  3: i64 tries
  4: optional string error
  5: optional i64 owner_id
  6: i64 created_at_ms
  7: i64 died_at_ms
  8: string service_
}

struct DeadResponse {
  1: list<DeadJob> items
  2: optional string next_
  3: optional i64 total
}

struct RetryRequest {
  1: string service_
  2: i64 id
}

struct RetryResponse {
}

struct DiscardRequest {
  1: string service_
  2: i64 id
}

struct DiscardResponse {
}

struct DeadEventsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct DeadEvent {
  1: string id
  2: string type
  3: i64 subject_id
  4: i64 tries
  5: string error
  6: i64 died_at_ms
  7: string service_
}

struct DeadEventsResponse {
  1: list<DeadEvent> items
  2: optional string next_
  3: optional i64 total
}

struct RetryEventRequest {
  1: string service_
  2: string id
}

struct RetryEventResponse {
}

struct DiscardEventRequest {
  1: string service_
  2: string id
}

struct DiscardEventResponse {
}

service WorkerService {
  /** Jobs that were given up after their last try, latest first, with why. Who may call: admin. */
  DeadResponse Dead(1: DeadRequest request) throws (1: failure.Failure failure)

  /** Lets a job that was given up have all its tries again. Who may call: admin. */
  RetryResponse Retry(1: RetryRequest request) throws (1: failure.Failure failure)

  /** Strikes a job that was given up off the list. Who may call: admin. */
  DiscardResponse Discard(1: DiscardRequest request) throws (1: failure.Failure failure)

  /** Dead letters: events that a service could not apply in all its attempts, latest first, with the reason. `service` is the consumer. Who may call: admin. */
  DeadEventsResponse DeadEvents(1: DeadEventsRequest request) throws (1: failure.Failure failure)

  /** Gives a dead letter to its consumer again, with all its attempts. Other consumers do not see it. Who may call: admin. */
  RetryEventResponse RetryEvent(1: RetryEventRequest request) throws (1: failure.Failure failure)

  /** Deletes a dead letter. Its consumer never applies the event. Who may call: admin. */
  DiscardEventResponse DiscardEvent(1: DiscardEventRequest request) throws (1: failure.Failure failure)
}
