// Made by `npm run generate` from the contract of search.
namespace * kinora.search.v1

include "failure.thrift"

struct AllRequest {
  1: optional string q
  2: optional string keyword
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct HighlightRange {
  1: i64 from_
  2: i64 to
  3: optional bool is_near
}

struct Highlight {
  1: string field
  2: list<HighlightRange> ranges
}

struct Moment {
  1: i64 at_ms
  2: string language
  3: string text
  4: list<HighlightRange> ranges
}

struct FoundVideoItem {
  1: i64 video_id
  2: list<Highlight> highlights
  3: list<Moment> moments
  4: i64 moments_total
}

struct AllResponse_Videos {
  1: list<FoundVideoItem> items
  2: optional string next_
  3: optional i64 total
}

struct FoundUserItem {
  1: i64 user_id
}

struct AllResponse_Users {
  1: list<FoundUserItem> items
  2: optional string next_
  3: optional i64 total
}

struct FoundHashtagItem {
  1: i64 hashtag_id
}

struct AllResponse_Hashtags {
  1: list<FoundHashtagItem> items
  2: optional string next_
  3: optional i64 total
}

struct FoundLiveItem {
  1: i64 live_id
}

struct AllResponse_Lives {
  1: list<FoundLiveItem> items
  2: optional string next_
  3: optional i64 total
}

struct AllResponse {
  1: optional AllResponse_Videos videos
  2: optional AllResponse_Users users
  3: optional AllResponse_Hashtags hashtags
  5: optional AllResponse_Lives lives
  4: optional string did_you_mean
}

struct VideosRequest {
  1: optional string q
  2: optional string keyword
  3: optional string sort
  8: optional string period
  9: optional i64 min_duration_ms
  10: optional i64 max_duration_ms
  11: optional string shape
  12: optional string tag
  14: optional string captions
  13: optional i64 author
  4: optional string cursor
  5: optional i64 skip
  6: optional i64 limit
  7: optional bool count
}

struct VideosResponse {
  1: list<FoundVideoItem> items
  2: optional string next_
  3: optional i64 total
  4: optional string did_you_mean
}

struct UsersRequest {
  1: optional string q
  2: optional string keyword
  3: optional string sort
  4: optional string cursor
  5: optional i64 skip
  6: optional i64 limit
  7: optional bool count
}

struct UsersResponse {
  1: list<FoundUserItem> items
  2: optional string next_
  3: optional i64 total
}

struct HashtagsRequest {
  1: optional string q
  2: optional string keyword
  3: optional string sort
  4: optional string cursor
  5: optional i64 skip
  6: optional i64 limit
  7: optional bool count
}

struct HashtagsResponse {
  1: list<FoundHashtagItem> items
  2: optional string next_
  3: optional i64 total
}

struct LivesRequest {
  1: optional string q
  2: optional string keyword
  3: optional string sort
  4: optional string cursor
  5: optional i64 skip
  6: optional i64 limit
  7: optional bool count
}

struct LivesResponse {
  1: list<FoundLiveItem> items
  2: optional string next_
  3: optional i64 total
}

struct FilesRequest {
  1: optional string q
  2: optional string keyword
  3: optional string sort
  4: optional string kind
  5: optional string cursor
  6: optional i64 skip
  7: optional i64 limit
  8: optional bool count
}

struct FoundFileItem {
  1: i64 entry_id
  2: list<HighlightRange> highlights
}

struct FilesResponse {
  1: list<FoundFileItem> items
  2: optional string next_
  3: optional i64 total
}

struct HotRequest {
  1: optional i64 limit
}

struct HotResponse_Items {
  1: string keyword
  2: double score
  3: i64 rank
}

struct HotResponse {
  1: list<HotResponse_Items> items
}

struct SuggestionsRequest {
  1: optional string q
  2: optional string keyword
  3: optional i64 limit
}

struct SuggestionsResponse {
  1: list<string> items
}

struct HistoryRequest {
  1: optional i64 limit
}

struct HistoryResponse_Items {
  1: string keyword
  2: i64 created_at_ms
}

struct HistoryResponse {
  1: list<HistoryResponse_Items> items
}

struct ClearHistoryRequest {
}

struct ClearHistoryResponse {
}

struct ForgetSearchRequest {
  1: string keyword
}

struct ForgetSearchResponse {
}

struct HistorySettingsRequest {
}

struct HistorySettingsResponse {
  1: bool is_kept
}

struct SetHistoryRequest {
  1: bool is_kept
}

struct SetHistoryResponse {
  1: bool is_kept
}

struct HiddenWordsRequest {
  1: optional i64 limit
}

struct HiddenWordsResponse_Items {
  1: string keyword
}

struct HiddenWordsResponse {
  1: list<HiddenWordsResponse_Items> items
}

struct SetHiddenRequest {
  1: string keyword
  2: bool is_hidden
}

struct SetHiddenResponse {
}

struct RebuildRequest {
}

struct RebuildResponse {
  1: i64 videos
  2: i64 users
  3: i64 hashtags
  6: i64 lives
  4: i64 captions
  5: i64 files
}

struct BlocklistCopyRequest {
}

struct BlocklistCopyResponse {
  1: string body
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

service SearchService {
  /** Videos, users, hashtags and rooms that are live, which match a search term; the best first. Who may call: public. */
  AllResponse All(1: AllRequest request) throws (1: failure.Failure failure)

  /** Videos by title, description, tags, hashtags, captions and author: the best, the newest or the most watched first. CJK text matches by any two adjacent characters, other words whole, by their stem, or with a typing error; the last one also by its beginning. Quotes mark a phrase. `period` leaves out those that were published longer ago. Who may call: public. */
  VideosResponse Videos(1: VideosRequest request) throws (1: failure.Failure failure)

  /** Users by any part of their user name or nickname: the best or the newest first. Who may call: public. */
  UsersResponse Users(1: UsersRequest request) throws (1: failure.Failure failure)

  /** Hashtags by name: the best or the newest first. Who may call: public. */
  HashtagsResponse Hashtags(1: HashtagsRequest request) throws (1: failure.Failure failure)

  /** Public rooms that are live, by title, description and owner: the best or the newest first. Who may call: public. */
  LivesResponse Lives(1: LivesRequest request) throws (1: failure.Failure failure)

  /** The caller's own files and folders by any part of their names: the best or the newest first. Those in the trash are not found. The search enters neither the history nor trending searches. Who may call: user. */
  FilesResponse Files(1: FilesRequest request) throws (1: failure.Failure failure)

  /** Trending searches of several sources: each counts once an hour, and half as much a day later. Who may call: public. */
  HotResponse Hot(1: HotRequest request) throws (1: failure.Failure failure)

  /** Suggestions for a typed prefix: the caller's own searches, trending searches, hashtags and users. Who may call: public. */
  SuggestionsResponse Suggestions(1: SuggestionsRequest request) throws (1: failure.Failure failure)

  /** The caller's recent searches, latest first, each once. Who may call: user. */
  HistoryResponse History(1: HistoryRequest request) throws (1: failure.Failure failure)

  /** Clears the caller's search history. Who may call: user. */
  ClearHistoryResponse ClearHistory(1: ClearHistoryRequest request) throws (1: failure.Failure failure)

  /** Removes one search from the caller's history. Who may call: user. */
  ForgetSearchResponse ForgetSearch(1: ForgetSearchRequest request) throws (1: failure.Failure failure)

  /** Whether the caller's search history is on. Who may call: user. */
  HistorySettingsResponse HistorySettings(1: HistorySettingsRequest request) throws (1: failure.Failure failure)

  /** Switches the caller's search history on or off; its searches stay until it is cleared. Who may call: user. */
  SetHistoryResponse SetHistory(1: SetHistoryRequest request) throws (1: failure.Failure failure)

  /** The keywords that are hidden from trending searches and suggestions. Who may call: moderator. */
  HiddenWordsResponse HiddenWords(1: HiddenWordsRequest request) throws (1: failure.Failure failure)

  /** Hides a keyword from trending searches and suggestions, or shows it again. Who may call: moderator. */
  SetHiddenResponse SetHidden(1: SetHiddenRequest request) throws (1: failure.Failure failure)

  /** Compares the index with its sources and repairs it; yields how many entries were wrong. Who may call: admin. */
  RebuildResponse Rebuild(1: RebuildRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BlocklistCopyResponse BlocklistCopy(1: BlocklistCopyRequest request) throws (1: failure.Failure failure)

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
