// Made by `npm run generate` from the contract of cloudFilesDownload.
namespace * kinora.compat.cloudfiles.v1

include "failure.thrift"

struct DownloadEntryRequest {
}

struct DownloadEntryResponse {
  1: i64 code
  2: string message
  3: string entry
  4: string token
  5: i64 expires_at
}

service DownloadService {
  /** Where files come from, and a token for it where the caller shows one. Who may call: public. */
  DownloadEntryResponse DownloadEntry(1: DownloadEntryRequest request) throws (1: failure.Failure failure)
}
