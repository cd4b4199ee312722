// Made by `npm run generate` from the contract of cloudFilesAccount.
namespace * kinora.compat.cloudfiles.v1

include "failure.thrift"

struct SignupRequest {
  1: string username
  2: string password
}

struct SignupResponse {
  1: i64 code
  2: string message
}

struct SigninRequest {
  1: string username
  2: string password
}

struct SigninResponse {
  1: i64 code
  2: string message
  3: string token
}

struct UserInfoRequest {
  1: string username
}

struct UserInfoResponse {
  1: i64 code
  2: string message
  3: string username
  4: string email
  5: string phone
  6: string signup_at
  7: string last_active
  8: i64 status
}

struct UserFilesRequest {
  1: string username
  2: i64 limit
  3: i64 offset
}

struct UserFilesResponse {
  1: i64 code
  2: string message
  3: binary file_data
}

struct UserFileRenameRequest {
  1: string username
  2: string filehash
  3: string filename
}

struct UserFileRenameResponse {
  1: i64 code
  2: string message
  3: binary file_data
}

struct VerifyTokenRequest {
  1: string username
  2: string token
}

struct VerifyTokenResponse {
  1: i64 code
  2: string message
}

service AccountService {
  /** Makes an account. Who may call: public. */
  SignupResponse Signup(1: SignupRequest request) throws (1: failure.Failure failure)

  /** Says whether name and password belong together; no token is made. Who may call: public. */
  SigninResponse Signin(1: SigninRequest request) throws (1: failure.Failure failure)

  /** The account whose token is shown. Who may call: public. */
  UserInfoResponse UserInfo(1: UserInfoRequest request) throws (1: failure.Failure failure)

  /** One's own files, the latest upload first: JSON, as HTTP has it. Who may call: public. */
  UserFilesResponse UserFiles(1: UserFilesRequest request) throws (1: failure.Failure failure)

  /** Gives a file another name. Who may call: public. */
  UserFileRenameResponse UserFileRename(1: UserFileRenameRequest request) throws (1: failure.Failure failure)

  /** Whether a token and a name belong together. Who may call: public. */
  VerifyTokenResponse VerifyToken(1: VerifyTokenRequest request) throws (1: failure.Failure failure)
}
