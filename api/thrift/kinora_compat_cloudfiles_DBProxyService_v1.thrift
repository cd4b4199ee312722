// Made by `npm run generate` from the contract of cloudFilesProxy.
namespace * kinora.compat.cloudfiles.v1

include "failure.thrift"

struct ExecuteActionRequest_Actions {
  1: string name
  2: binary params
}

struct ExecuteActionRequest {
  1: bool sequence
  2: bool transaction
  3: i64 result_type
  4: list<ExecuteActionRequest_Actions> actions
}

struct ExecuteActionResponse {
  1: i64 code
  2: string message
  3: binary data
}

service DBProxyService {
  /** Listed actions on the tables of files, for the user whose token is shown. Who may call: public. */
  ExecuteActionResponse ExecuteAction(1: ExecuteActionRequest request) throws (1: failure.Failure failure)
}
