// Made by `npm run generate` from the contract of media.
namespace * kinora.media.v1

include "failure.thrift"

struct UsageRequest {
}

struct UsageResponse {
  1: i64 rendition_bytes
  2: optional i64 waits_since_ms
}

struct UploadRequest {
  1: i64 file_id
  2: optional string purpose
}

struct UploadResponse_StatusReason {
  1: string error
  2: string message
}

struct UploadResponse_Notices {
  1: string code
  2: string message
}

struct UploadResponse_Renditions {
  1: string profile
  2: i64 width
  3: i64 height
  4: i64 bitrate
}

struct UploadResponse {
  1: i64 id
  2: i64 user_id
  3: string kind
  4: string mime
  5: i64 size_bytes
  6: string sha256
  7: i64 width
  8: i64 height
  9: i64 duration_ms
  10: string purpose
  11: bool has_cover
  12: string status
  13: optional UploadResponse_StatusReason status_reason
  16: list<UploadResponse_Notices> notices
  14: list<UploadResponse_Renditions> renditions
  15: i64 created_at_ms
}

struct GetRequest {
  1: i64 id
}

struct GetResponse_StatusReason {
  1: string error
  2: string message
}

struct GetResponse_Notices {
  1: string code
  2: string message
}

struct GetResponse_Renditions {
  1: string profile
  2: i64 width
  3: i64 height
  4: i64 bitrate
}

struct GetResponse {
  1: i64 id
  2: i64 user_id
  3: string kind
  4: string mime
  5: i64 size_bytes
  6: string sha256
  7: i64 width
  8: i64 height
  9: i64 duration_ms
  10: string purpose
  11: bool has_cover
  12: string status
  13: optional GetResponse_StatusReason status_reason
  16: list<GetResponse_Notices> notices
  14: list<GetResponse_Renditions> renditions
  15: i64 created_at_ms
}

struct TranscodeRequest_ProfilesList {
  1: list<string> items
}

struct TranscodeRequest {
  1: i64 id
  2: optional TranscodeRequest_ProfilesList profiles
}

struct TranscodeResponse {
  1: i64 task_id
  2: i64 media_id
  3: string status
  4: i64 progress
  5: string step
  6: optional string error
  7: optional i64 seconds_left
}

struct TaskRequest {
  1: i64 id
}

struct TaskResponse {
  1: i64 task_id
  2: i64 media_id
  3: string status
  4: i64 progress
  5: string step
  6: optional string error
  7: optional i64 seconds_left
}

struct AddCaptionsRequest {
  1: i64 id
  2: string language
  3: optional string label
  4: string text
}

struct AddCaptionsResponse_Omissions {
  1: string code
  2: string message
  3: i64 line
}

struct AddCaptionsResponse {
  1: i64 id
  2: string language
  3: string label
  4: i64 cues
  7: string source
  5: i64 size_bytes
  6: i64 created_at_ms
  8: string encoding
  9: bool is_guess
  10: list<AddCaptionsResponse_Omissions> omissions
  11: i64 omission_count
}

struct AddCaptionFileRequest_Piece {
  1: string name
  2: i64 size_bytes
  3: string sha256
  4: optional string md5
  5: optional string sha1
}

struct AddCaptionFileRequest {
  1: i64 id
  2: string language
  3: optional string label
  4: optional string encoding
  5: optional AddCaptionFileRequest_Piece piece
}

struct AddCaptionFileResponse_Omissions {
  1: string code
  2: string message
  3: i64 line
}

struct AddCaptionFileResponse {
  1: i64 id
  2: string language
  3: string label
  4: i64 cues
  5: string source
  6: i64 size_bytes
  7: i64 created_at_ms
  8: string encoding
  9: bool is_guess
  10: list<AddCaptionFileResponse_Omissions> omissions
  11: i64 omission_count
}

struct CaptionsRequest {
  1: i64 id
}

struct Captions {
  1: i64 id
  2: string language
  3: string label
  4: i64 cues
  7: string source
  5: i64 size_bytes
  6: i64 created_at_ms
}

struct CaptionsResponse {
  1: list<Captions> items
}

struct RemoveCaptionsRequest {
  1: i64 id
  2: i64 captions
}

struct RemoveCaptionsResponse {
}

struct SubmitRequest_ProfilesList {
  1: list<string> items
}

struct SubmitRequest {
  1: i64 media_id
  2: optional SubmitRequest_ProfilesList profiles
}

struct SubmitResponse {
  1: i64 task_id
  2: i64 media_id
  3: string status
  4: i64 progress
  5: string step
  6: optional string error
  7: optional i64 seconds_left
}

struct StatusRequest {
  1: i64 id
}

struct StatusResponse {
  1: i64 task_id
  2: i64 media_id
  3: string status
  4: i64 progress
  5: string step
  6: optional string error
  7: optional i64 seconds_left
}

struct CancelRequest {
  1: i64 id
}

struct CancelResponse {
  1: i64 task_id
  2: i64 media_id
  3: string status
  4: i64 progress
  5: string step
  6: optional string error
  7: optional i64 seconds_left
}

struct TasksRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct TranscodeTask {
  1: i64 task_id
  2: i64 media_id
  3: string status
  4: i64 progress
  5: string step
  6: optional string error
  7: optional i64 seconds_left
}

struct TasksResponse {
  1: list<TranscodeTask> items
  2: optional string next_
  3: optional i64 total
}

struct ProfilesRequest {
}

struct ProfilesResponse_Items {
  1: string profile
  2: i64 short_side
  3: i64 bitrate_max
  4: bool is_usual
}

struct ProfilesResponse {
  1: list<ProfilesResponse_Items> items
}

struct RecordRequest_Tracks {
  1: string kind
  2: binary index
}

struct RecordRequest {
  1: i64 file_id
  2: list<RecordRequest_Tracks> tracks
  3: i64 duration_ms
}

struct RecordResponse {
  1: i64 id
}

struct PlayableRequest {
  1: i64 id
  2: optional bool even_hidden
}

struct PlayableResponse_Renditions_Video {
  1: string kind
  2: string key
  3: i64 size_bytes
  4: string index_key
}

struct PlayableResponse_Renditions {
  1: string profile
  2: i64 width
  3: i64 height
  4: i64 bitrate_bps
  5: double fps
  6: optional PlayableResponse_Renditions_Video video
}

struct PlayableResponse_FormerRenditions_Video {
  1: string kind
  2: string key
  3: i64 size_bytes
  4: string index_key
}

struct PlayableResponse_FormerRenditions {
  1: string profile
  2: i64 width
  3: i64 height
  4: i64 bitrate_bps
  5: double fps
  6: optional PlayableResponse_FormerRenditions_Video video
}

struct PlayableResponse_Audio {
  1: string kind
  2: string key
  3: i64 size_bytes
  4: string index_key
  5: optional string language
  6: string label
}

struct PlayableResponse_OtherSounds {
  1: string kind
  2: string key
  3: i64 size_bytes
  4: string index_key
  5: optional string language
  6: string label
  7: i64 number
}

struct PlayableResponse_Cover {
  1: string key
  2: i64 size_bytes
}

struct PlayableResponse_Extras_Files {
  1: string key
  2: i64 size_bytes
  3: string name
  4: string mime
}

struct PlayableResponse_Extras_Storyboard {
  1: i64 tile_width
  2: i64 tile_height
  3: i64 columns
  4: i64 rows
  5: i64 interval_ms
  6: i64 count
}

struct PlayableResponse_Extras_Loudness {
  1: optional double integrated_lufs
  2: optional double range_lu
  3: optional double true_peak_dbtp
}

struct PlayableResponse_Extras {
  1: list<PlayableResponse_Extras_Files> files
  2: optional PlayableResponse_Extras_Storyboard storyboard
  3: optional PlayableResponse_Extras_Loudness loudness
}

struct PlayableResponse_Captions {
  1: i64 id
  2: string language
  3: string label
  4: string key
  5: i64 size_bytes
}

struct PlayableResponse_Picture {
  1: string key
  2: i64 size_bytes
  3: string mime
}

struct PlayableResponse_Source {
  1: string key
  2: string mime
  3: string name
  4: i64 size_bytes
}

struct PlayableResponse {
  1: i64 media_id
  2: i64 user_id
  3: string kind
  4: string status
  5: i64 duration_ms
  6: list<PlayableResponse_Renditions> renditions
  14: list<PlayableResponse_FormerRenditions> former_renditions
  7: optional PlayableResponse_Audio audio
  13: list<PlayableResponse_OtherSounds> other_sounds
  8: optional PlayableResponse_Cover cover
  11: optional PlayableResponse_Extras extras
  12: list<PlayableResponse_Captions> captions
  10: optional PlayableResponse_Picture picture
  9: optional PlayableResponse_Source source
}

struct BriefsRequest {
  1: list<i64> ids
}

struct BriefsResponse_Items_StatusReason {
  1: string error
  2: string message
}

struct BriefsResponse_Items_Chapters {
  1: i64 start_ms
  2: string title
}

struct BriefsResponse_Items {
  1: i64 id
  2: i64 user_id
  3: string kind
  4: string status
  5: optional BriefsResponse_Items_StatusReason status_reason
  6: i64 width
  7: i64 height
  8: i64 duration_ms
  9: i64 size_bytes
  15: bool has_cover
  10: optional string thumb
  11: double gain_db
  12: bool has_storyboard
  13: bool has_preview
  14: bool has_waveform
  16: list<BriefsResponse_Items_Chapters> chapters
}

struct BriefsResponse {
  1: list<BriefsResponse_Items> items
}

struct PictureRequest {
  1: i64 id
}

struct PictureResponse {
  1: string key
  2: string mime
  3: i64 size_bytes
  4: bool is_public
}

struct OfContentRequest {
  1: string sha256
}

struct OfContentResponse_StatusReason {
  1: string error
  2: string message
}

struct OfContentResponse_Notices {
  1: string code
  2: string message
}

struct OfContentResponse_Renditions {
  1: string profile
  2: i64 width
  3: i64 height
  4: i64 bitrate
}

struct OfContentResponse {
  1: i64 id
  2: i64 user_id
  3: string kind
  4: string mime
  5: i64 size_bytes
  6: string sha256
  7: i64 width
  8: i64 height
  9: i64 duration_ms
  10: string purpose
  11: bool has_cover
  12: string status
  13: optional OfContentResponse_StatusReason status_reason
  16: list<OfContentResponse_Notices> notices
  14: list<OfContentResponse_Renditions> renditions
  15: i64 created_at_ms
}

struct OfFilesRequest {
  1: list<i64> file_ids
}

struct OfFilesResponse_Items {
  1: i64 media_id
  2: i64 file_id
}

struct OfFilesResponse {
  1: list<OfFilesResponse_Items> items
}

struct OriginalRequest {
  1: i64 id
}

struct OriginalResponse {
  1: i64 file_id
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

struct FormatsRequest {
}

struct MediaFormat {
  1: string kind
  2: string name
  3: bool is_on
}

struct FormatsResponse {
  1: list<MediaFormat> items
}

struct SwitchFormatRequest {
  1: string kind
  2: string name
  3: bool is_on
}

struct SwitchFormatResponse {
  1: string kind
  2: string name
  3: bool is_on
}

struct FormatsOffRequest {
}

struct FormatsOffResponse {
  1: list<string> containers
  2: list<string> codecs
}

struct CaptionCuesRequest {
  1: i64 media_id
  2: i64 captions_id
}

struct CaptionCuesResponse_Items {
  1: i64 start_ms
  2: string text
}

struct CaptionCuesResponse {
  1: list<CaptionCuesResponse_Items> items
}

struct CaptionBatchRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct CaptionBatchResponse_Items_Captions {
  1: i64 captions_id
  2: string language
}

struct CaptionBatchResponse_Items {
  1: i64 media_id
  2: i64 user_id
  3: list<CaptionBatchResponse_Items_Captions> captions
}

struct CaptionBatchResponse {
  1: list<CaptionBatchResponse_Items> items
}

struct SourceRequest {
  1: i64 id
}

struct SourceResponse {
  1: i64 media_id
  2: i64 user_id
  3: string key
  4: i64 size_bytes
  5: string mime
  6: string name
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

service MediaService {
  /** Who may call: service. */
  UsageResponse Usage(1: UsageRequest request) throws (1: failure.Failure failure)

  /** Uploads a video, sound or picture as a multipart form with the file in `file`. Who may call: user. */
  UploadResponse Upload(1: UploadRequest request) throws (1: failure.Failure failure)

  /** Returns a media object of the caller. Who may call: user. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** Requests renditions of a media object; returns the running task where there is one. Who may call: user. */
  TranscodeResponse Transcode(1: TranscodeRequest request) throws (1: failure.Failure failure)

  /** Returns the latest transcoding task of a media object of the caller. Who may call: user. */
  TaskResponse Task(1: TaskRequest request) throws (1: failure.Failure failure)

  /** Adds captions in a language to a video or sound of the caller; replaces those it had in that language. Who may call: user. */
  AddCaptionsResponse AddCaptions(1: AddCaptionsRequest request) throws (1: failure.Failure failure)

  /** Adds captions as `POST …/captions` does, from a file as it is: UTF-8, UTF-16, or an encoding in which the language is written. Who may call: user. */
  AddCaptionFileResponse AddCaptionFile(1: AddCaptionFileRequest request) throws (1: failure.Failure failure)

  /** Lists the captions of a media object of the caller, by language. Who may call: user. */
  CaptionsResponse Captions(1: CaptionsRequest request) throws (1: failure.Failure failure)

  /** Removes captions from a media object of the caller. Who may call: user. */
  RemoveCaptionsResponse RemoveCaptions(1: RemoveCaptionsRequest request) throws (1: failure.Failure failure)

  /** Requests renditions of a media object. Who may call: user. */
  SubmitResponse Submit(1: SubmitRequest request) throws (1: failure.Failure failure)

  /** Returns a transcoding task of the caller. Who may call: user. */
  StatusResponse Status(1: StatusRequest request) throws (1: failure.Failure failure)

  /** Cancels a transcoding task that waits or runs; renditions that are ready stay. Who may call: user. */
  CancelResponse Cancel(1: CancelRequest request) throws (1: failure.Failure failure)

  /** Lists the transcoding tasks of the caller, latest first. Who may call: user. */
  TasksResponse Tasks(1: TasksRequest request) throws (1: failure.Failure failure)

  /** Lists the profiles a caller may request, and which of them every video gets. Who may call: user. */
  ProfilesResponse Profiles(1: ProfilesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RecordResponse Record(1: RecordRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PlayableResponse Playable(1: PlayableRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BriefsResponse Briefs(1: BriefsRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  PictureResponse Picture(1: PictureRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OfContentResponse OfContent(1: OfContentRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OfFilesResponse OfFiles(1: OfFilesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OriginalResponse Original(1: OriginalRequest request) throws (1: failure.Failure failure)

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

  /** Lists the known containers and the usual codecs, and whether files of them are accepted. Who may call: admin. */
  FormatsResponse Formats(1: FormatsRequest request) throws (1: failure.Failure failure)

  /** Switches a container or a codec off or on, immediately and in all processes: a workaround while a decoder has a known vulnerability. Uploads of a format that is off are refused, and so are tasks that wait. Who may call: admin. */
  SwitchFormatResponse SwitchFormat(1: SwitchFormatRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FormatsOffResponse FormatsOff(1: FormatsOffRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  CaptionCuesResponse CaptionCues(1: CaptionCuesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  CaptionBatchResponse CaptionBatch(1: CaptionBatchRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SourceResponse Source(1: SourceRequest request) throws (1: failure.Failure failure)

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
