// Made by `npm run generate` from the contract of platformUser.
namespace * api.user.v1

include "failure.thrift"

struct RegisterRequest {
  1: string username
  2: string password
  3: string email
  4: string nickname
  5: string phone
}

struct RegisterResponse {
  1: i64 code
  2: string message
  3: i64 user_id
}

struct LoginRequest {
  1: string username
  2: string password
}

struct LoginResponse {
  1: i64 code
  2: string message
  3: i64 user_id
  4: string token
}

struct GetUserRequest {
  1: i64 user_id
}

struct GetUserResponse_User {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string background_image
  6: string bio
  7: i64 gender
  8: i64 created_at
}

struct GetUserResponse {
  1: i64 code
  2: string message
  3: optional GetUserResponse_User user
}

struct UpdateUserRequest {
  1: i64 user_id
  2: string nickname
  3: string avatar
  4: string background_image
  5: string bio
}

struct UpdateUserResponse_User {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string background_image
  6: string bio
  7: i64 gender
  8: i64 created_at
}

struct UpdateUserResponse {
  1: i64 code
  2: string message
  3: optional UpdateUserResponse_User user
}

struct GetUsersByIDsRequest {
  1: list<i64> user_ids
}

struct GetUsersByIDsResponse_Users {
  1: i64 id
  2: string username
  3: string nickname
  4: string avatar
  5: string background_image
  6: string bio
  7: i64 gender
  8: i64 created_at
}

struct GetUsersByIDsResponse {
  1: i64 code
  2: string message
  3: list<GetUsersByIDsResponse_Users> users
}

service UserService {
  /** Makes an account. Who may call: public. */
  RegisterResponse Register(1: RegisterRequest request) throws (1: failure.Failure failure)

  /** Says whose name and password these are; no token is made. Who may call: public. */
  LoginResponse Login(1: LoginRequest request) throws (1: failure.Failure failure)

  /** A profile. Who may call: public. */
  GetUserResponse GetUser(1: GetUserRequest request) throws (1: failure.Failure failure)

  /** Changes the profile of the caller; empty fields keep their value. Who may call: public. */
  UpdateUserResponse UpdateUser(1: UpdateUserRequest request) throws (1: failure.Failure failure)

  /** Profiles by their ids; ids of no user are left out. Who may call: public. */
  GetUsersByIDsResponse GetUsersByIDs(1: GetUsersByIDsRequest request) throws (1: failure.Failure failure)
}
