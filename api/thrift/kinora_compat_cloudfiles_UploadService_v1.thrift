// Made by `npm run generate` from the contract of cloudFilesUpload.
namespace * kinora.compat.cloudfiles.v1

include "failure.thrift"

struct UploadEntryRequest {
}

struct UploadEntryResponse {
  1: i64 code
  2: string message
  3: string entry
  4: string token
  5: i64 expires_at
}

service UploadService {
  /** Where files are sent to, and a token for it where the caller shows one. Who may call: public. */
  UploadEntryResponse UploadEntry(1: UploadEntryRequest request) throws (1: failure.Failure failure)
}
