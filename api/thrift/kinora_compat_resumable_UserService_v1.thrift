// Made by `npm run generate` from the contract of resumableUser.
namespace * kinora.compat.resumable.v1

include "failure.thrift"

struct RegisterRequest {
  1: string username
  2: string password
}

struct RegisterResponse {
  1: i64 code
  2: string msg
  3: i64 user_id
}

struct LoginRequest {
  1: string username
  2: string password
}

struct LoginResponse {
  1: i64 code
  2: string msg
  3: string token
  4: i64 user_id
}

service UserService {
  /** Makes an account. Who may call: public. */
  RegisterResponse Register(1: RegisterRequest request) throws (1: failure.Failure failure)

  /** Says whose name and password these are; no token is made. Who may call: public. */
  LoginResponse Login(1: LoginRequest request) throws (1: failure.Failure failure)
}
