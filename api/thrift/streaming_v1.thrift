// Made by `npm run generate` from the contract of streaming.
namespace * kinora.streaming.v1

include "failure.thrift"

struct LinksRequest_Items {
  1: string scope
  2: i64 id
  3: i64 generation
  4: bool is_public
  5: bool has_cover
  9: optional i64 cover_media_id
  6: bool is_playable
  7: bool allow_download
  11: optional bool is_granted
  8: list<string> profiles
  10: list<string> extras
}

struct LinksRequest {
  1: list<LinksRequest_Items> items
}

struct LinksResponse_Items_Renditions {
  1: string profile
  2: string url
}

struct LinksResponse_Items_Extras {
  1: string name
  2: string url
}

struct LinksResponse_Items {
  1: i64 id
  2: string hls_url
  7: string dash_url
  3: string video_url
  4: string cover_url
  5: optional string download_url
  6: list<LinksResponse_Items_Renditions> renditions
  8: list<LinksResponse_Items_Extras> extras
}

struct LinksResponse {
  1: list<LinksResponse_Items> items
}

struct AddressRequest {
  1: i64 id
}

struct AddressResponse {
  1: string hls_url
  2: string dash_url
  3: optional i64 expires_at_ms
}

struct MediaAddressRequest {
  1: i64 id
}

struct MediaAddressResponse {
  1: string hls_url
  2: string dash_url
  3: optional i64 expires_at_ms
}

struct PlaylistRequest {
  1: string scope
  2: i64 id
  3: optional string token
  4: optional string profile
}

struct PlaylistResponse {
  1: string text
  2: bool is_public
}

struct ManifestRequest {
  1: string scope
  2: i64 id
  3: optional string token
}

struct ManifestResponse {
  1: string text
  2: bool is_public
}

struct StoryboardRequest {
  1: string scope
  2: i64 id
  3: optional string token
}

struct StoryboardResponse {
  1: string text
  2: bool is_public
}

struct ChaptersRequest {
  1: string scope
  2: i64 id
  3: optional string token
}

struct ChaptersResponse {
  1: string text
  2: bool is_public
}

struct CaptionsRequest {
  1: string scope
  2: i64 id
  3: optional string token
  4: i64 generation
  5: string file
}

struct CaptionsResponse {
  1: string text
  2: bool is_public
}

struct LocateRequest {
  1: string scope
  2: i64 id
  3: optional string token
  4: i64 generation
  5: string file
}

struct LocateResponse {
  1: string key
  2: i64 size_bytes
  3: string mime
  4: bool is_public
  5: optional string attachment
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

service StreamingService {
  /** Who may call: service. */
  LinksResponse Links(1: LinksRequest request) throws (1: failure.Failure failure)

  /** Where a video one may see plays from now; players ask again before the token in it ends. Who may call: public. */
  AddressResponse Address(1: AddressRequest request) throws (1: failure.Failure failure)

  /** The same for one's own media object. Who may call: user. */
  MediaAddressResponse MediaAddress(1: MediaAddressRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  PlaylistResponse Playlist(1: PlaylistRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  ManifestResponse Manifest(1: ManifestRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  StoryboardResponse Storyboard(1: StoryboardRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  ChaptersResponse Chapters(1: ChaptersRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  CaptionsResponse Captions(1: CaptionsRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  LocateResponse Locate(1: LocateRequest request) throws (1: failure.Failure failure)

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
