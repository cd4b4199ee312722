// Made by `npm run generate` from the contract of resumableVideo.
namespace * kinora.compat.resumable.v1

include "failure.thrift"

struct InitUploadRequest {
  1: string file_hash
  2: string filename
}

struct InitUploadResponse {
  1: i64 code
  2: string msg
  3: string status
  4: list<string> finished_chunks
  5: string url
}

struct UploadChunkRequest {
  1: string file_hash
  2: string index
  3: binary data
}

struct UploadChunkResponse {
  1: i64 code
  2: string msg
}

struct MergeFileRequest {
  1: string file_hash
  2: string filename
  3: i64 total_chunks
}

struct MergeFileResponse {
  1: i64 code
  2: string msg
  3: string url
}

service VideoService {
  /** Begins an upload, finds the one that was begun, or the content that is stored already. Who may call: public. */
  InitUploadResponse InitUpload(1: InitUploadRequest request) throws (1: failure.Failure failure)

  /** Takes one chunk of at most 6 MiB. Who may call: public. */
  UploadChunkResponse UploadChunk(1: UploadChunkRequest request) throws (1: failure.Failure failure)

  /** Makes the file once all chunks are there. Who may call: public. */
  MergeFileResponse MergeFile(1: MergeFileRequest request) throws (1: failure.Failure failure)
}
