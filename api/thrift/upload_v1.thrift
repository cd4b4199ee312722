// Made by `npm run generate` from the contract of upload.
namespace * kinora.upload.v1

include "failure.thrift"

struct ContentUsageRequest {
  1: i64 since_ms
}

struct ContentUsageResponse_Items {
  1: string kind
  2: i64 bytes
}

struct ContentUsageResponse {
  1: list<ContentUsageResponse_Items> items
  2: i64 recent_bytes
}

struct SendRequest {
  1: i64 file_id
  2: optional string purpose
  3: optional i64 folder_id
  4: optional string conflict
}

struct SendResponse {
  1: i64 upload_id
  2: i64 file_id
  3: string name
  4: i64 size
  5: string sha256
  6: string mime
  7: string kind
  8: string purpose
}

struct InitRequest {
  1: string name
  2: i64 size_bytes
  3: optional string sha256
  4: optional string purpose
  5: optional i64 folder_id
  6: optional string conflict
  7: optional bool direct
}

struct Upload {
  1: i64 id
  2: string name
  3: string status
  4: optional i64 size_bytes
  5: i64 received_bytes
  6: optional i64 chunk_bytes
  7: optional i64 chunk_count
  8: optional i64 file_id
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: i64 created_at_ms
  13: i64 expires_at_ms
}

struct UploadChallenge_Ranges {
  1: i64 offset
  2: i64 length
}

struct UploadChallenge {
  1: string nonce
  2: list<UploadChallenge_Ranges> ranges
  3: i64 expires_at_ms
}

struct InitResponse_Direct_Headers {
  1: string name
  2: string value
}

struct InitResponse_Direct {
  1: string method
  2: string url
  3: list<InitResponse_Direct_Headers> headers
}

struct InitResponse {
  1: optional Upload upload
  2: optional UploadChallenge challenge
  3: optional InitResponse_Direct direct
}

struct ProveRequest {
  1: i64 id
  2: list<string> digests
}

struct ProveResponse {
  1: i64 upload_id
  2: i64 file_id
  3: string name
  4: i64 size
  5: string sha256
  6: string mime
  7: string kind
  8: string purpose
}

struct ChunkRequest_Piece {
  1: string name
  2: i64 size_bytes
  3: string sha256
  4: optional string md5
  5: optional string sha1
}

struct ChunkRequest {
  1: i64 upload_id
  2: i64 index
  3: optional string sha256
  4: optional ChunkRequest_Piece piece
}

struct ChunkResponse {
  1: i64 index
  2: i64 size
}

struct CompleteRequest {
  1: i64 id
  2: optional string sha256
}

struct CompleteResponse {
  1: i64 upload_id
  2: i64 file_id
  3: string name
  4: i64 size
  5: string sha256
  6: string mime
  7: string kind
  8: string purpose
}

struct StatusRequest {
  1: i64 id
}

struct StatusResponse {
  1: i64 id
  2: string name
  3: string status
  4: optional i64 size_bytes
  5: i64 received_bytes
  6: optional i64 chunk_bytes
  7: optional i64 chunk_count
  8: optional i64 file_id
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: i64 created_at_ms
  13: i64 expires_at_ms
}

struct ChunksRequest {
  1: i64 id
}

struct ChunksResponse_Received {
  1: i64 first
  2: i64 last
}

struct ChunksResponse_Missing {
  1: i64 first
  2: i64 last
}

struct ChunksResponse {
  1: list<ChunksResponse_Received> received
  2: list<ChunksResponse_Missing> missing
}

struct ListRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct ListResponse {
  1: list<Upload> items
  2: optional string next_
  3: optional i64 total
}

struct CancelRequest {
  1: i64 id
}

struct CancelResponse {
}

struct ImportUrlRequest {
  1: string url
  2: optional string name
  3: optional string purpose
  4: optional i64 folder_id
  5: optional string conflict
}

struct ImportUrlResponse_Reason {
  1: string error
  2: string message
}

struct ImportUrlResponse {
  1: i64 id
  2: string url
  3: string name
  4: string status
  5: optional i64 size_bytes
  6: i64 received_bytes
  7: optional i64 file_id
  8: optional ImportUrlResponse_Reason reason
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: i64 created_at_ms
}

struct ImportsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct Import_Reason {
  1: string error
  2: string message
}

struct Import {
  1: i64 id
  2: string url
  3: string name
  4: string status
  5: optional i64 size_bytes
  6: i64 received_bytes
  7: optional i64 file_id
  8: optional Import_Reason reason
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: i64 created_at_ms
}

struct ImportsResponse {
  1: list<Import> items
  2: optional string next_
  3: optional i64 total
}

struct ImportStatusRequest {
  1: i64 id
}

struct ImportStatusResponse_Reason {
  1: string error
  2: string message
}

struct ImportStatusResponse {
  1: i64 id
  2: string url
  3: string name
  4: string status
  5: optional i64 size_bytes
  6: i64 received_bytes
  7: optional i64 file_id
  8: optional ImportStatusResponse_Reason reason
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: i64 created_at_ms
}

struct CancelImportRequest {
  1: i64 id
}

struct CancelImportResponse {
}

struct UsageRequest {
}

struct UsageResponse {
  1: i64 used_bytes
  2: i64 reserved_bytes
  3: i64 quota_bytes
  4: i64 file_bytes_max
}

struct OpenRequest_Hash {
  1: string kind
  2: string hex
}

struct OpenRequest {
  1: string endpoint
  2: string name
  3: optional i64 size_bytes
  4: optional i64 chunk_bytes
  5: optional OpenRequest_Hash hash
  6: optional string metadata
  7: optional bool is_partial
  8: optional string purpose
  9: optional i64 folder_id
  10: optional string conflict
}

struct OpenResponse_Session_Hash {
  1: string kind
  2: string hex
}

struct OpenResponse_Session {
  1: i64 id
  2: string name
  3: string status
  4: optional i64 size_bytes
  5: i64 received_bytes
  6: optional i64 chunk_bytes
  7: optional i64 chunk_count
  8: optional i64 file_id
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: i64 created_at_ms
  13: i64 expires_at_ms
  14: string endpoint
  15: optional OpenResponse_Session_Hash hash
  16: optional string metadata
  17: bool is_partial
  18: bool is_held
}

struct OpenResponse {
  1: optional OpenResponse_Session session
  2: i64 bytes_max
}

struct SessionRequest_Hash {
  1: string kind
  2: string hex
}

struct SessionRequest {
  1: optional i64 id
  2: optional string endpoint
  3: optional SessionRequest_Hash hash
  4: optional bool is_brief
}

struct SessionResponse_Session_Hash {
  1: string kind
  2: string hex
}

struct SessionResponse_Session {
  1: i64 id
  2: string name
  3: string status
  4: optional i64 size_bytes
  5: i64 received_bytes
  6: optional i64 chunk_bytes
  7: optional i64 chunk_count
  8: optional i64 file_id
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: i64 created_at_ms
  13: i64 expires_at_ms
  14: string endpoint
  15: optional SessionResponse_Session_Hash hash
  16: optional string metadata
  17: bool is_partial
  18: bool is_held
}

struct SessionResponse {
  1: optional SessionResponse_Session session
  2: list<i64> indexes
}

struct AnnounceRequest {
  1: i64 id
  2: i64 size_bytes
}

struct AnnounceResponse {
}

struct WriteRequest {
  1: i64 id
  2: string endpoint
  3: string writer
}

struct WriteResponse_Session_Hash {
  1: string kind
  2: string hex
}

struct WriteResponse_Session {
  1: i64 id
  2: string name
  3: string status
  4: optional i64 size_bytes
  5: i64 received_bytes
  6: optional i64 chunk_bytes
  7: optional i64 chunk_count
  8: optional i64 file_id
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: i64 created_at_ms
  13: i64 expires_at_ms
  14: string endpoint
  15: optional WriteResponse_Session_Hash hash
  16: optional string metadata
  17: bool is_partial
  18: bool is_held
}

struct WriteResponse_Last {
  1: string name
  2: i64 size_bytes
  3: i64 position
}

struct WriteResponse {
  1: bool is_granted
  2: optional WriteResponse_Session session
  3: i64 fence
  4: optional WriteResponse_Last last
  5: i64 bytes_max
  6: bool is_torn
  7: bool is_salvageable
}

struct AdvanceRequest_Pieces {
  1: string name
  2: i64 size_bytes
  3: i64 position
}

struct AdvanceRequest {
  1: i64 id
  2: i64 fence
  3: list<AdvanceRequest_Pieces> pieces
  4: i64 received_bytes
  5: bool is_last
}

struct AdvanceResponse {
  1: bool is_wanted
}

struct FinishRequest_Pieces {
  1: string name
  2: i64 size_bytes
}

struct FinishRequest_PiecesList {
  1: list<FinishRequest_Pieces> items
}

struct FinishRequest_PartialsList {
  1: list<i64> items
}

struct FinishRequest_Known {
  1: string sha256
  2: optional string md5
  3: optional string sha1
}

struct FinishRequest_Hash {
  1: string kind
  2: string hex
}

struct FinishRequest {
  1: i64 id
  2: optional FinishRequest_PiecesList pieces
  3: optional FinishRequest_PartialsList partials
  4: optional FinishRequest_Known known
  5: optional i64 chunk_count
  6: optional FinishRequest_Hash hash
  7: optional i64 size_bytes
  8: optional string name
  9: optional string purpose
  10: optional i64 folder_id
  11: optional string conflict
  12: optional string on_mismatch
}

struct FinishResponse {
  1: i64 id
  2: i64 user_id
  3: string key
  4: string sha256
  5: i64 size_bytes
  6: string name
  7: string mime
  8: string kind
  9: string purpose
  10: optional i64 folder_id
  11: string conflict
  12: i64 created_at_ms
}

struct AbandonRequest {
  1: i64 id
}

struct AbandonResponse {
}

struct InstantRequest_Hash {
  1: string kind
  2: string hex
}

struct InstantRequest {
  1: optional InstantRequest_Hash hash
  2: optional i64 size_bytes
  3: string name
  4: optional string purpose
  5: optional i64 folder_id
  6: optional string conflict
  7: optional i64 upload_id
  8: optional i64 public_file_id
}

struct InstantResponse_File {
  1: i64 id
  2: i64 user_id
  3: string key
  4: string sha256
  5: i64 size_bytes
  6: string name
  7: string mime
  8: string kind
  9: string purpose
  10: optional i64 folder_id
  11: string conflict
  12: i64 created_at_ms
}

struct InstantResponse_OthersList {
  1: list<i64> items
}

struct InstantResponse {
  1: optional InstantResponse_File file
  2: optional InstantResponse_OthersList others
}

struct FetchPictureRequest {
  1: string url
}

struct FetchPictureResponse {
  1: i64 id
  2: i64 user_id
  3: string key
  4: string sha256
  5: i64 size_bytes
  6: string name
  7: string mime
  8: string kind
  9: string purpose
  10: optional i64 folder_id
  11: string conflict
  12: i64 created_at_ms
}

struct FileRequest {
  1: i64 id
}

struct FileResponse {
  1: i64 id
  2: i64 user_id
  3: string key
  4: string sha256
  5: i64 size_bytes
  6: string name
  7: string mime
  8: string kind
  9: string purpose
  10: optional i64 folder_id
  11: string conflict
  12: i64 created_at_ms
}

struct DigestsRequest {
  1: list<i64> ids
}

struct DigestsResponse_Items {
  1: i64 id
  2: optional string md5
  3: optional string sha1
}

struct DigestsResponse {
  1: list<DigestsResponse_Items> items
}

struct HeldRequest {
  1: list<string> keys
}

struct HeldResponse {
  1: list<string> keys
}

struct ObjectsOfRequest {
  1: optional i64 user_id
  2: optional string after
  3: optional i64 limit
}

struct ObjectsOfResponse {
  1: list<string> keys
}

struct PruneRequest {
  1: string key
  2: i64 written_before_ms
}

struct PruneResponse {
  1: bool is_held
}

struct ReleaseRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct ReleaseResponse {
  1: i64 objects
  2: i64 size_bytes
  3: optional i64 next_
}

struct OwnersOfRequest {
  1: list<string> keys
}

struct OwnersOfResponse_Items {
  1: string key
  2: i64 user_id
}

struct OwnersOfResponse {
  1: list<OwnersOfResponse_Items> items
}

struct SetAsideRequest {
  1: string key
  2: string store
  3: i64 written_before_ms
}

struct SetAsideResponse {
  1: bool is_aside
}

struct ContentRequest_Hash {
  1: string kind
  2: string hex
}

struct ContentRequest {
  1: optional ContentRequest_Hash hash
}

struct ContentResponse {
  1: optional string key
}

struct CopyRequest {
  1: i64 file_id
  2: optional string name
  3: optional string purpose
  4: optional i64 folder_id
  5: optional string conflict
}

struct CopyResponse {
  1: i64 id
  2: i64 user_id
  3: string key
  4: string sha256
  5: i64 size_bytes
  6: string name
  7: string mime
  8: string kind
  9: string purpose
  10: optional i64 folder_id
  11: string conflict
  12: i64 created_at_ms
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

service UploadService {
  /** Who may call: service. */
  ContentUsageResponse ContentUsage(1: ContentUsageRequest request) throws (1: failure.Failure failure)

  /** Takes a whole file: as a multipart form with the file in `file`, or as the bytes alone with `name` in the query. Who may call: user. */
  SendResponse Send(1: SendRequest request) throws (1: failure.Failure failure)

  /** Begins an upload in chunks, or finds the one of the same content and place that was not finished. With a hash it may be spared by answering the challenge. Who may call: user. */
  InitResponse Init(1: InitRequest request) throws (1: failure.Failure failure)

  /** Answers the challenge: for each range the SHA-256 of the nonce's bytes followed by the range's. Right, and the file is there; otherwise send it. Who may call: user. */
  ProveResponse Prove(1: ProveRequest request) throws (1: failure.Failure failure)

  /** Takes one chunk, in any order: as a form with the bytes in `chunk`, or as the bytes alone with the fields in the query. Who may call: user. */
  ChunkResponse Chunk(1: ChunkRequest request) throws (1: failure.Failure failure)

  /** Makes the file once all chunks are there; repeated, it answers the same. Who may call: user. */
  CompleteResponse Complete(1: CompleteRequest request) throws (1: failure.Failure failure)

  /** How far an upload of one's own is. Who may call: user. */
  StatusResponse Status(1: StatusRequest request) throws (1: failure.Failure failure)

  /** Which chunks are there, and which are not; ranges of indexes. Who may call: user. */
  ChunksResponse Chunks(1: ChunksRequest request) throws (1: failure.Failure failure)

  /** One's own uploads that are not finished, latest first. Who may call: user. */
  ListResponse List(1: ListRequest request) throws (1: failure.Failure failure)

  /** Gives an upload up; what arrived of it is dropped. Who may call: user. */
  CancelResponse Cancel(1: CancelRequest request) throws (1: failure.Failure failure)

  /** Fetches a file from an address; it goes on by itself, also after a restart. Who may call: user. */
  ImportUrlResponse ImportUrl(1: ImportUrlRequest request) throws (1: failure.Failure failure)

  /** One's own imports, latest first. Who may call: user. */
  ImportsResponse Imports(1: ImportsRequest request) throws (1: failure.Failure failure)

  /** How far an import of one's own is. Who may call: user. */
  ImportStatusResponse ImportStatus(1: ImportStatusRequest request) throws (1: failure.Failure failure)

  /** Gives an import up; what arrived of it is dropped. Who may call: user. */
  CancelImportResponse CancelImport(1: CancelImportRequest request) throws (1: failure.Failure failure)

  /** How much of one's space is in use. Who may call: user. */
  UsageResponse Usage(1: UsageRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OpenResponse Open(1: OpenRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SessionResponse Session(1: SessionRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  AnnounceResponse Announce(1: AnnounceRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  WriteResponse Write(1: WriteRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  AdvanceResponse Advance(1: AdvanceRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FinishResponse Finish(1: FinishRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  AbandonResponse Abandon(1: AbandonRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  InstantResponse Instant(1: InstantRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FetchPictureResponse FetchPicture(1: FetchPictureRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FileResponse File(1: FileRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DigestsResponse Digests(1: DigestsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  HeldResponse Held(1: HeldRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ObjectsOfResponse ObjectsOf(1: ObjectsOfRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PruneResponse Prune(1: PruneRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ReleaseResponse Release(1: ReleaseRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OwnersOfResponse OwnersOf(1: OwnersOfRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SetAsideResponse SetAside(1: SetAsideRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ContentResponse Content(1: ContentRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  CopyResponse Copy(1: CopyRequest request) throws (1: failure.Failure failure)

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
