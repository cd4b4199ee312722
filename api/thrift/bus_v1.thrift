// Made by `npm run generate` from the contract of bus.
namespace * kinora.bus.v1

include "failure.thrift"

struct SubscriptionsRequest {
}

struct SubscriptionsResponse_Items {
  1: string consumer
  2: list<string> types
}

struct SubscriptionsResponse {
  1: list<SubscriptionsResponse_Items> items
}

struct DeliverRequest_Events {
  1: string event_id
  2: string type
  3: string source
  4: i64 key
  5: string payload
  6: string trace_id
}

struct DeliverRequest {
  1: string consumer
  2: list<DeliverRequest_Events> events
}

struct DeliverResponse {
}

service BusService {
  /** Who may call: service. */
  SubscriptionsResponse Subscriptions(1: SubscriptionsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DeliverResponse Deliver(1: DeliverRequest request) throws (1: failure.Failure failure)
}
