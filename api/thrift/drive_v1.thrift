// Made by `npm run generate` from the contract of drive.
namespace * kinora.drive.v1

include "failure.thrift"

struct ListRequest {
  1: optional i64 folder_id
  2: optional string sort
  3: optional string order
  4: optional string cursor
  5: optional i64 skip
  6: optional i64 limit
  7: optional bool count
}

struct DriveEntry {
  1: i64 id
  2: optional i64 folder_id
  3: string name
  4: string kind
  5: string mime
  6: i64 size_bytes
  7: bool is_shared
  8: i64 created_at_ms
  9: i64 changed_at_ms
  10: optional i64 trashed_at_ms
}

struct ListResponse {
  1: list<DriveEntry> items
  2: optional string next_
  3: optional i64 total
}

struct GetRequest {
  1: i64 id
}

struct GetResponse {
  1: i64 id
  2: optional i64 folder_id
  3: string name
  4: string kind
  5: string mime
  6: i64 size_bytes
  7: bool is_shared
  8: i64 created_at_ms
  9: i64 changed_at_ms
  10: optional i64 trashed_at_ms
}

struct PathRequest {
  1: i64 id
}

struct PathResponse {
  1: list<DriveEntry> items
}

struct SearchRequest {
  1: string q
  2: optional i64 limit
}

struct SearchResponse {
  1: list<DriveEntry> items
}

struct RecentRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct RecentResponse {
  1: list<DriveEntry> items
  2: optional string next_
  3: optional i64 total
}

struct UsageRequest {
}

struct UsageResponse_Kinds {
  1: string kind
  2: i64 files
  3: i64 size_bytes
}

struct UsageResponse_Trash {
  1: i64 files
  2: i64 size_bytes
}

struct UsageResponse {
  1: i64 folders
  2: list<UsageResponse_Kinds> kinds
  3: optional UsageResponse_Trash trash
  4: i64 used_bytes
  5: i64 reserved_bytes
  6: i64 quota_bytes
  7: i64 trash_kept_ms
}

struct CreateFolderRequest {
  1: string name
  2: optional i64 folder_id
  3: optional string conflict
}

struct CreateFolderResponse {
  1: i64 id
  2: optional i64 folder_id
  3: string name
  4: string kind
  5: string mime
  6: i64 size_bytes
  7: bool is_shared
  8: i64 created_at_ms
  9: i64 changed_at_ms
  10: optional i64 trashed_at_ms
}

struct MakePathRequest {
  1: string path
  2: optional i64 folder_id
}

struct MakePathResponse {
  1: i64 id
  2: optional i64 folder_id
  3: string name
  4: string kind
  5: string mime
  6: i64 size_bytes
  7: bool is_shared
  8: i64 created_at_ms
  9: i64 changed_at_ms
  10: optional i64 trashed_at_ms
}

struct RenameRequest {
  1: i64 id
  2: string name
  3: optional string conflict
}

struct RenameResponse {
  1: i64 id
  2: optional i64 folder_id
  3: string name
  4: string kind
  5: string mime
  6: i64 size_bytes
  7: bool is_shared
  8: i64 created_at_ms
  9: i64 changed_at_ms
  10: optional i64 trashed_at_ms
}

struct MoveRequest {
  1: list<i64> ids
  2: optional i64 folder_id
  3: optional string conflict
}

struct DriveOutcome_Error {
  1: string code
  2: string message
}

struct DriveOutcome {
  1: i64 id
  2: bool ok
  3: optional DriveEntry entry
  4: optional i64 task_id
  5: optional DriveOutcome_Error error
}

struct MoveResponse {
  1: list<DriveOutcome> items
}

struct CopyRequest {
  1: list<i64> ids
  2: optional i64 folder_id
  3: optional string conflict
}

struct CopyResponse {
  1: list<DriveOutcome> items
}

struct TaskRequest {
  1: i64 id
}

struct TaskResponse_Error {
  1: string code
  2: string message
}

struct TaskResponse {
  1: i64 id
  2: string status
  3: i64 progress
  4: optional TaskResponse_Error error
}

struct TrashRequest {
  1: list<i64> ids
}

struct TrashResponse {
  1: list<DriveOutcome> items
}

struct TrashedRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct TrashedResponse {
  1: list<DriveEntry> items
  2: optional string next_
  3: optional i64 total
}

struct RestoreRequest {
  1: list<i64> ids
}

struct RestoreResponse {
  1: list<DriveOutcome> items
}

struct RemoveRequest {
  1: list<i64> ids
}

struct RemoveResponse {
  1: list<DriveOutcome> items
}

struct EmptyTrashRequest {
}

struct EmptyTrashResponse {
}

struct LinkRequest {
  1: i64 id
  2: optional i64 expires_in_ms
  3: optional bool inline_
}

struct LinkResponse {
  1: string url
  2: i64 expires_at_ms
}

struct ZipRequest {
  1: list<i64> ids
}

struct ZipResponse {
  1: string url
  2: i64 expires_at_ms
}

struct PublishRequest {
  1: i64 id
  2: optional string title
}

struct PublishResponse {
  1: i64 media_id
  2: string title
}

struct FromMediaRequest {
  1: i64 media_id
  2: optional i64 folder_id
}

struct FromMediaResponse {
  1: i64 id
  2: optional i64 folder_id
  3: string name
  4: string kind
  5: string mime
  6: i64 size_bytes
  7: bool is_shared
  8: i64 created_at_ms
  9: i64 changed_at_ms
  10: optional i64 trashed_at_ms
}

struct ShareRequest {
  1: i64 id
  2: optional string password
  3: optional i64 expires_in_ms
  4: optional i64 downloads_max
}

struct DriveShare {
  1: i64 id
  2: i64 entry_id
  3: string entry_name
  4: string entry_kind
  5: bool is_protected
  6: optional i64 expires_at_ms
  7: optional i64 downloads_max
  8: i64 downloads
  9: i64 visits
  10: i64 created_at_ms
}

struct ShareResponse {
  1: optional DriveShare share
  2: string token
}

struct SharesRequest {
  1: optional i64 entry_id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct SharesResponse {
  1: list<DriveShare> items
  2: optional string next_
  3: optional i64 total
}

struct UpdateShareRequest {
  1: i64 id
  2: optional string password
  3: optional i64 expires_in_ms
  4: optional i64 downloads_max
}

struct UpdateShareResponse {
  1: i64 id
  2: i64 entry_id
  3: string entry_name
  4: string entry_kind
  5: bool is_protected
  6: optional i64 expires_at_ms
  7: optional i64 downloads_max
  8: i64 downloads
  9: i64 visits
  10: i64 created_at_ms
}

struct RenewShareRequest {
  1: i64 id
}

struct RenewShareResponse {
  1: optional DriveShare share
  2: string token
}

struct UnshareRequest {
  1: i64 id
}

struct UnshareResponse {
}

struct OpenShareRequest {
  1: string token
  2: optional string password
}

struct SharedEntry {
  1: i64 id
  2: string name
  3: string kind
  4: string mime
  5: i64 size_bytes
  6: i64 changed_at_ms
}

struct OpenShareResponse {
  1: string ticket
  2: i64 expires_at_ms
  3: optional SharedEntry entry
  4: optional i64 downloads_left
}

struct SharedEntriesRequest {
  1: string ticket
  2: optional i64 folder_id
  3: optional string sort
  4: optional string order
  5: optional string cursor
  6: optional i64 skip
  7: optional i64 limit
  8: optional bool count
}

struct SharedEntriesResponse {
  1: list<SharedEntry> items
  2: optional string next_
  3: optional i64 total
}

struct ZipSharedRequest {
  1: string ticket
  2: list<i64> ids
}

struct ZipSharedResponse {
  1: string url
  2: i64 expires_at_ms
}

struct PlaceRequest {
  1: i64 file_id
}

struct PlaceResponse {
  1: i64 id
  2: optional i64 folder_id
  3: string name
  4: string kind
  5: string mime
  6: i64 size_bytes
  7: bool is_shared
  8: i64 created_at_ms
  9: i64 changed_at_ms
  10: optional i64 trashed_at_ms
}

struct KeepRequest {
  1: i64 file_id
  2: string name
}

struct KeepResponse {
  1: i64 id
  2: i64 file_id
  3: string name
  4: i64 size_bytes
  5: string mime
  6: string sha256
  7: optional string md5
  8: optional string sha1
  9: i64 uploaded_at_ms
  10: i64 changed_at_ms
}

struct PlacedRequest {
  1: list<i64> ids
}

struct PlacedResponse_Items_Folders {
  1: i64 id
  2: string name
}

struct PlacedResponse_Items {
  1: i64 id
  2: optional i64 folder_id
  3: string name
  4: string kind
  5: string mime
  6: i64 size_bytes
  7: bool is_shared
  8: i64 created_at_ms
  9: i64 changed_at_ms
  10: optional i64 trashed_at_ms
  11: list<PlacedResponse_Items_Folders> folders
}

struct PlacedResponse {
  1: list<PlacedResponse_Items> items
}

struct BatchRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct BatchResponse_Items {
  1: i64 id
  2: i64 version
  3: string state
  4: string kind
  5: string name
  6: i64 user_id
}

struct BatchResponse {
  1: list<BatchResponse_Items> items
}

struct ByHashRequest_Hash {
  1: string kind
  2: string hex
}

struct ByHashRequest {
  1: optional ByHashRequest_Hash hash
}

struct ByHashResponse {
  1: i64 id
  2: i64 file_id
  3: string name
  4: i64 size_bytes
  5: string mime
  6: string sha256
  7: optional string md5
  8: optional string sha1
  9: i64 uploaded_at_ms
  10: i64 changed_at_ms
}

struct RenameByHashRequest_Hash {
  1: string kind
  2: string hex
}

struct RenameByHashRequest {
  1: optional RenameByHashRequest_Hash hash
  2: string name
}

struct RenameByHashResponse {
  1: i64 id
  2: i64 file_id
  3: string name
  4: i64 size_bytes
  5: string mime
  6: string sha256
  7: optional string md5
  8: optional string sha1
  9: i64 uploaded_at_ms
  10: i64 changed_at_ms
}

struct LibraryRequest {
  1: i64 limit
  2: i64 offset
}

struct KeptFile {
  1: i64 id
  2: i64 file_id
  3: string name
  4: i64 size_bytes
  5: string mime
  6: string sha256
  7: optional string md5
  8: optional string sha1
  9: i64 uploaded_at_ms
  10: i64 changed_at_ms
}

struct LibraryResponse {
  1: list<KeptFile> items
}

struct ExecuteRequest_Actions_Find_Hash {
  1: string kind
  2: string hex
}

struct ExecuteRequest_Actions_Find {
  1: optional ExecuteRequest_Actions_Find_Hash hash
}

struct ExecuteRequest_Actions_List {
  1: i64 limit
  2: i64 offset
}

struct ExecuteRequest_Actions_Rename_Hash {
  1: string kind
  2: string hex
}

struct ExecuteRequest_Actions_Rename {
  1: optional ExecuteRequest_Actions_Rename_Hash hash
  2: string name
}

struct ExecuteRequest_Actions_Trash_Hash {
  1: string kind
  2: string hex
}

struct ExecuteRequest_Actions_Trash {
  1: optional ExecuteRequest_Actions_Trash_Hash hash
}

union ExecuteRequest_Actions {
  1: ExecuteRequest_Actions_Find find
  2: ExecuteRequest_Actions_List list_
  3: ExecuteRequest_Actions_Rename rename
  4: ExecuteRequest_Actions_Trash trash
}

struct ExecuteRequest {
  1: bool is_one
  2: bool stops_at_failure
  3: list<ExecuteRequest_Actions> actions
}

struct ExecuteResponse_Items_Error {
  1: string code
  2: string message
}

struct ExecuteResponse_Items {
  1: list<KeptFile> files
  2: optional ExecuteResponse_Items_Error error
}

struct ExecuteResponse {
  1: list<ExecuteResponse_Items> items
}

struct ContentRequest {
  1: i64 id
  2: optional string ticket
  3: bool is_download
}

struct ContentResponse {
  1: string key
  2: i64 size_bytes
  3: string mime
  4: string name
  5: i64 changed_at_ms
}

struct ZipEntriesRequest {
  1: string ticket
  2: bool is_download
}

struct ZipEntriesResponse_Entries {
  1: string path
  2: optional string key
  3: i64 size_bytes
  4: i64 changed_at_ms
}

struct ZipEntriesResponse {
  1: string name
  2: list<ZipEntriesResponse_Entries> entries
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

service DriveService {
  /** Lists a folder, or the root: folders first, then files. Who may call: user. */
  ListResponse List(1: ListRequest request) throws (1: failure.Failure failure)

  /** Returns a file or folder, in the trash or not. Who may call: user. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** Lists the folders from the root to an entry, the entry last. Who may call: user. */
  PathResponse Path(1: PathRequest request) throws (1: failure.Failure failure)

  /** Searches files and folders by name, best match first. Who may call: user. */
  SearchResponse Search(1: SearchRequest request) throws (1: failure.Failure failure)

  /** Lists files, latest upload first. Who may call: user. */
  RecentResponse Recent(1: RecentRequest request) throws (1: failure.Failure failure)

  /** Returns the number and size of files by kind, and the space that is left. Who may call: user. */
  UsageResponse Usage(1: UsageRequest request) throws (1: failure.Failure failure)

  /** Creates a folder. Who may call: user. */
  CreateFolderResponse CreateFolder(1: CreateFolderRequest request) throws (1: failure.Failure failure)

  /** Creates a folder with its missing parents, such as `a/b/c`; returns the last. Who may call: user. */
  MakePathResponse MakePath(1: MakePathRequest request) throws (1: failure.Failure failure)

  /** Renames a file or folder. Who may call: user. */
  RenameResponse Rename(1: RenameRequest request) throws (1: failure.Failure failure)

  /** Moves files and folders into another folder, each by itself. Who may call: user. */
  MoveResponse Move(1: MoveRequest request) throws (1: failure.Failure failure)

  /** Copies files and folders into a folder without moving a byte; a folder's entries follow in the background. Who may call: user. */
  CopyResponse Copy(1: CopyRequest request) throws (1: failure.Failure failure)

  /** Returns the progress of a folder's copy. Who may call: user. */
  TaskResponse Task(1: TaskRequest request) throws (1: failure.Failure failure)

  /** Moves files and folders to the trash. Who may call: user. */
  TrashResponse Trash(1: TrashRequest request) throws (1: failure.Failure failure)

  /** Lists the trash, latest first. Who may call: user. */
  TrashedResponse Trashed(1: TrashedRequest request) throws (1: failure.Failure failure)

  /** Restores entries of the trash to their folder, or to the root where it no longer exists; renamed where the name is taken. Who may call: user. */
  RestoreResponse Restore(1: RestoreRequest request) throws (1: failure.Failure failure)

  /** Deletes files and folders permanently, in the trash or not. Who may call: user. */
  RemoveResponse Remove(1: RemoveRequest request) throws (1: failure.Failure failure)

  /** Empties the trash: deletes its entries permanently. Who may call: user. */
  EmptyTrashResponse EmptyTrash(1: EmptyTrashRequest request) throws (1: failure.Failure failure)

  /** Creates an address of a file's bytes that needs no token; it ends when it expires or the file is trashed. Who may call: user. */
  LinkResponse Link(1: LinkRequest request) throws (1: failure.Failure failure)

  /** Creates an address where files and folders are downloaded as one archive. Who may call: user. */
  ZipResponse Zip(1: ZipRequest request) throws (1: failure.Failure failure)

  /** Creates a media object of a video, sound or picture without moving a byte, to be published as any other. Who may call: user. */
  PublishResponse Publish(1: PublishRequest request) throws (1: failure.Failure failure)

  /** Creates a file of the original of the caller's media object without moving a byte. Who may call: user. */
  FromMediaResponse FromMedia(1: FromMediaRequest request) throws (1: failure.Failure failure)

  /** Shares a file or folder by a link. Its token is returned here and never again. Who may call: user. */
  ShareResponse Share(1: ShareRequest request) throws (1: failure.Failure failure)

  /** Lists the caller's shares, latest first; those of one file or folder where it is named. Who may call: user. */
  SharesResponse Shares(1: SharesRequest request) throws (1: failure.Failure failure)

  /** Changes the terms of a share; terms that are not named stay. A new password ends all visits. Who may call: user. */
  UpdateShareResponse UpdateShare(1: UpdateShareRequest request) throws (1: failure.Failure failure)

  /** Gives a share a new token; the old one and its visits end. Who may call: user. */
  RenewShareResponse RenewShare(1: RenewShareRequest request) throws (1: failure.Failure failure)

  /** Revokes a share, immediately. Who may call: user. */
  UnshareResponse Unshare(1: UnshareRequest request) throws (1: failure.Failure failure)

  /** Opens a share: the ticket is valid for an hour, unless the share is revoked. Who may call: public. */
  OpenShareResponse OpenShare(1: OpenShareRequest request) throws (1: failure.Failure failure)

  /** Lists a shared folder. Who may call: public. */
  SharedEntriesResponse SharedEntries(1: SharedEntriesRequest request) throws (1: failure.Failure failure)

  /** Creates an address where a shared entry, or parts of it, is downloaded as one archive. Who may call: public. */
  ZipSharedResponse ZipShared(1: ZipSharedRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PlaceResponse Place(1: PlaceRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  KeepResponse Keep(1: KeepRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PlacedResponse Placed(1: PlacedRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BatchResponse Batch(1: BatchRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ByHashResponse ByHash(1: ByHashRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RenameByHashResponse RenameByHash(1: RenameByHashRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  LibraryResponse Library(1: LibraryRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ExecuteResponse Execute(1: ExecuteRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  ContentResponse Content(1: ContentRequest request) throws (1: failure.Failure failure)

  // ZipEntries is a stream of ZipEntriesResponse, which Thrift does not have.

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
