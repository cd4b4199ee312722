// Made by `npm run generate` from the contract of moderation.
namespace * kinora.moderation.v1

include "failure.thrift"

struct OpenCasesRequest {
}

struct OpenCasesResponse {
  1: i64 open
  3: i64 held
  2: optional i64 oldest_at_ms
}

struct ReportRequest {
  1: string kind
  2: i64 id
  3: string reason
  4: optional string text
}

struct ReportResponse {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: string reason
  5: string text
  6: string state
  7: optional string action
  8: string note
  9: i64 created_at_ms
  10: optional i64 decided_at_ms
}

struct ReportsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct Report {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: string reason
  5: string text
  6: string state
  7: optional string action
  8: string note
  9: i64 created_at_ms
  10: optional i64 decided_at_ms
}

struct ReportsResponse {
  1: list<Report> items
  2: optional string next_
  3: optional i64 total
}

struct DecisionsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct Decision_Appeal {
  1: string text
  2: string state
  3: string answer
  4: i64 created_at_ms
}

struct Decision {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: string excerpt
  5: string action
  6: string note
  10: string rule
  7: optional i64 until_ms
  8: i64 decided_at_ms
  9: optional Decision_Appeal appeal
}

struct DecisionsResponse {
  1: list<Decision> items
  2: optional string next_
  3: optional i64 total
}

struct AppealRequest {
  1: i64 case_id
  2: string text
}

struct AppealResponse {
}

struct QueueRequest {
  1: optional string state
  2: optional string kind
  3: optional bool held
  9: optional bool mine
  4: optional string sort
  5: optional string cursor
  6: optional i64 skip
  7: optional i64 limit
  8: optional bool count
}

struct ModerationCase_Reasons {
  1: string reason
  2: i64 count
}

struct ModerationCase {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: optional i64 author_id
  5: optional i64 video_id
  6: string excerpt
  7: bool is_held
  8: string held_for
  9: i64 report_count
  10: list<ModerationCase_Reasons> reasons
  11: string state
  12: optional string action
  13: string note
  20: string rule
  14: optional i64 until_ms
  15: optional i64 moderator_id
  19: optional i64 assignee_id
  16: i64 created_at_ms
  17: optional i64 decided_at_ms
  18: bool is_final
}

struct QueueResponse {
  1: list<ModerationCase> items
  2: optional string next_
  3: optional i64 total
}

struct CaseReportsRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct CaseReport {
  1: i64 id
  2: i64 reporter_id
  3: string reason
  4: string text
  5: i64 created_at_ms
}

struct CaseReportsResponse {
  1: list<CaseReport> items
  2: optional string next_
  3: optional i64 total
}

struct CountsRequest {
}

struct CountsResponse {
  1: i64 open
  2: i64 held
  3: i64 mine
  4: i64 appeals
}

struct OneCaseRequest {
  1: i64 id
}

struct OneCaseResponse_Reasons {
  1: string reason
  2: i64 count
}

struct OneCaseResponse {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: optional i64 author_id
  5: optional i64 video_id
  6: string excerpt
  7: bool is_held
  8: string held_for
  9: i64 report_count
  10: list<OneCaseResponse_Reasons> reasons
  11: string state
  12: optional string action
  13: string note
  20: string rule
  14: optional i64 until_ms
  15: optional i64 moderator_id
  19: optional i64 assignee_id
  16: i64 created_at_ms
  17: optional i64 decided_at_ms
  18: bool is_final
}

struct HistoryRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct HistoryResponse {
  1: list<ModerationCase> items
  2: optional string next_
  3: optional i64 total
}

struct NotesRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct CaseNote {
  1: i64 id
  2: i64 case_id
  3: optional i64 author_id
  4: string text
  5: i64 created_at_ms
}

struct NotesResponse {
  1: list<CaseNote> items
  2: optional string next_
  3: optional i64 total
}

struct AddNoteRequest {
  1: i64 id
  2: string text
}

struct AddNoteResponse {
  1: i64 id
  2: i64 case_id
  3: optional i64 author_id
  4: string text
  5: i64 created_at_ms
}

struct RemoveNoteRequest {
  1: i64 id
}

struct RemoveNoteResponse {
}

struct ClaimRequest {
  1: i64 id
  2: optional bool take_over
}

struct ClaimResponse_Reasons {
  1: string reason
  2: i64 count
}

struct ClaimResponse {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: optional i64 author_id
  5: optional i64 video_id
  6: string excerpt
  7: bool is_held
  8: string held_for
  9: i64 report_count
  10: list<ClaimResponse_Reasons> reasons
  11: string state
  12: optional string action
  13: string note
  20: string rule
  14: optional i64 until_ms
  15: optional i64 moderator_id
  16: optional i64 assignee_id
  17: i64 created_at_ms
  18: optional i64 decided_at_ms
  19: bool is_final
}

struct ReleaseRequest {
  1: i64 id
}

struct ReleaseResponse_Reasons {
  1: string reason
  2: i64 count
}

struct ReleaseResponse {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: optional i64 author_id
  5: optional i64 video_id
  6: string excerpt
  7: bool is_held
  8: string held_for
  9: i64 report_count
  10: list<ReleaseResponse_Reasons> reasons
  11: string state
  12: optional string action
  13: string note
  20: string rule
  14: optional i64 until_ms
  15: optional i64 moderator_id
  16: optional i64 assignee_id
  17: i64 created_at_ms
  18: optional i64 decided_at_ms
  19: bool is_final
}

struct ResolveRequest {
  1: i64 id
  2: string action
  3: optional string note
  5: optional string rule
  4: optional i64 until_ms
}

struct ResolveResponse_Reasons {
  1: string reason
  2: i64 count
}

struct ResolveResponse {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: optional i64 author_id
  5: optional i64 video_id
  6: string excerpt
  7: bool is_held
  8: string held_for
  9: i64 report_count
  10: list<ResolveResponse_Reasons> reasons
  11: string state
  12: optional string action
  13: string note
  20: string rule
  14: optional i64 until_ms
  15: optional i64 moderator_id
  19: optional i64 assignee_id
  16: i64 created_at_ms
  17: optional i64 decided_at_ms
  18: bool is_final
}

struct DecideRequest {
  1: string kind
  2: i64 id
  3: string action
  4: optional string note
  6: optional string rule
  5: optional i64 until_ms
}

struct DecideResponse_Reasons {
  1: string reason
  2: i64 count
}

struct DecideResponse {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: optional i64 author_id
  5: optional i64 video_id
  6: string excerpt
  7: bool is_held
  8: string held_for
  9: i64 report_count
  10: list<DecideResponse_Reasons> reasons
  11: string state
  12: optional string action
  13: string note
  20: string rule
  14: optional i64 until_ms
  15: optional i64 moderator_id
  19: optional i64 assignee_id
  16: i64 created_at_ms
  17: optional i64 decided_at_ms
  18: bool is_final
}

struct UndoRequest {
  1: i64 id
}

struct UndoResponse_Reasons {
  1: string reason
  2: i64 count
}

struct UndoResponse {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: optional i64 author_id
  5: optional i64 video_id
  6: string excerpt
  7: bool is_held
  8: string held_for
  9: i64 report_count
  10: list<UndoResponse_Reasons> reasons
  11: string state
  12: optional string action
  13: string note
  20: string rule
  14: optional i64 until_ms
  15: optional i64 moderator_id
  19: optional i64 assignee_id
  16: i64 created_at_ms
  17: optional i64 decided_at_ms
  18: bool is_final
}

struct AppealsRequest {
  1: optional string state
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct AppealedCase_Reasons {
  1: string reason
  2: i64 count
}

struct AppealedCase_Appeal {
  1: string text
  2: string state
  3: string answer
  4: i64 created_at_ms
}

struct AppealedCase {
  1: i64 id
  2: string kind
  3: i64 thing_id
  4: optional i64 author_id
  5: optional i64 video_id
  6: string excerpt
  7: bool is_held
  8: string held_for
  9: i64 report_count
  10: list<AppealedCase_Reasons> reasons
  11: string state
  12: optional string action
  13: string note
  21: string rule
  14: optional i64 until_ms
  15: optional i64 moderator_id
  20: optional i64 assignee_id
  16: i64 created_at_ms
  17: optional i64 decided_at_ms
  19: bool is_final
  18: optional AppealedCase_Appeal appeal
}

struct AppealsResponse {
  1: list<AppealedCase> items
  2: optional string next_
  3: optional i64 total
}

struct AnswerAppealRequest {
  1: i64 id
  2: bool accept
  3: optional string answer
}

struct AnswerAppealResponse {
}

struct StandingRequest {
  1: i64 id
}

struct StandingResponse_Items {
  1: string kind
  2: optional i64 until_ms
  3: string reason
  4: i64 case_id
}

struct StandingResponse {
  1: list<StandingResponse_Items> items
  2: optional i64 swept_at_ms
}

struct SweepRequest {
  1: i64 id
  2: optional string note
}

struct SweepResponse {
}

struct UndoSweepRequest {
  1: i64 id
}

struct UndoSweepResponse {
}

struct WordsRequest {
}

struct WatchedWord {
  1: i64 id
  2: string pattern
  3: string action
  4: i64 created_at_ms
}

struct WordsResponse_Rules {
  1: i64 days
  2: i64 comments
  3: bool hold_links
  4: i64 per_minute
}

struct WordsResponse {
  1: list<WatchedWord> items
  2: optional WordsResponse_Rules rules
}

struct AddWordRequest {
  1: string pattern
  2: string action
}

struct AddWordResponse {
  1: i64 id
  2: string pattern
  3: string action
  4: i64 created_at_ms
}

struct RemoveWordRequest {
  1: i64 id
}

struct RemoveWordResponse {
}

struct SetRulesRequest {
  1: i64 days
  2: i64 comments
  3: bool hold_links
  4: i64 per_minute
}

struct SetRulesResponse {
  1: i64 days
  2: i64 comments
  3: bool hold_links
  4: i64 per_minute
}

struct AuditRequest {
  1: optional string act
  10: optional string area
  2: optional i64 actor_id
  3: optional i64 subject_id
  4: optional i64 since_ms
  5: optional i64 before_ms
  6: optional string cursor
  7: optional i64 skip
  8: optional i64 limit
  9: optional bool count
}

struct AuditEntry {
  1: i64 id
  2: string act
  3: optional i64 actor_id
  4: optional string subject_kind
  5: optional i64 subject_id
  6: string detail
  7: i64 at_ms
}

struct AuditResponse {
  1: list<AuditEntry> items
  2: optional string next_
  3: optional i64 total
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

service ModerationService {
  /** Who may call: service. */
  OpenCasesResponse OpenCases(1: OpenCasesRequest request) throws (1: failure.Failure failure)

  /** Reports something to the moderators; again while it is open changes nothing. The answer does not reveal whether it exists. Who may call: user. */
  ReportResponse Report(1: ReportRequest request) throws (1: failure.Failure failure)

  /** Lists the caller's reports, latest first, with their outcomes. Who may call: user. */
  ReportsResponse Reports(1: ReportsRequest request) throws (1: failure.Failure failure)

  /** Lists moderators' decisions about the caller and their content, latest first. Who may call: user. */
  DecisionsResponse Decisions(1: DecisionsRequest request) throws (1: failure.Failure failure)

  /** Appeals against a decision about the caller. Who may call: user. */
  AppealResponse Appeal(1: AppealRequest request) throws (1: failure.Failure failure)

  /** Lists open or decided cases: oldest first, latest first, or the most reported. Who may call: moderator. */
  QueueResponse Queue(1: QueueRequest request) throws (1: failure.Failure failure)

  /** Lists the reports of a case, with reporter, reason and text. Who may call: moderator. */
  CaseReportsResponse CaseReports(1: CaseReportsRequest request) throws (1: failure.Failure failure)

  /** Counts what waits for a moderator, by the tabs of the queue. `mine` are those among the open and held cases that the caller has claimed. Who may call: moderator. */
  CountsResponse Counts(1: CountsRequest request) throws (1: failure.Failure failure)

  /** Returns a case. Who may call: moderator. */
  OneCaseResponse OneCase(1: OneCaseRequest request) throws (1: failure.Failure failure)

  /** Lists the other cases of the author of a case, latest first; where the author is unknown, those of the same content. Who may call: moderator. */
  HistoryResponse History(1: HistoryRequest request) throws (1: failure.Failure failure)

  /** Lists the internal notes of a case, latest first. Only moderators and administrators read them. Who may call: moderator. */
  NotesResponse Notes(1: NotesRequest request) throws (1: failure.Failure failure)

  /** Adds an internal note to a case. Who may call: moderator. */
  AddNoteResponse AddNote(1: AddNoteRequest request) throws (1: failure.Failure failure)

  /** Removes an internal note: its author can, and administrators. Who may call: moderator. */
  RemoveNoteResponse RemoveNote(1: RemoveNoteRequest request) throws (1: failure.Failure failure)

  /** Claims an open case, so that other moderators see who works on it; `take_over` takes it from another moderator. Who may call: moderator. */
  ClaimResponse Claim(1: ClaimRequest request) throws (1: failure.Failure failure)

  /** Releases a case: the moderator who claimed it can, and administrators. Who may call: moderator. */
  ReleaseResponse Release(1: ReleaseRequest request) throws (1: failure.Failure failure)

  /** Decides a case; held content is published by `dismiss` and `warn`, and removed by the other actions. Who may call: moderator. */
  ResolveResponse Resolve(1: ResolveRequest request) throws (1: failure.Failure failure)

  /** Decides about content or a user without a report; open reports of it are decided with it. Who may call: moderator. */
  DecideResponse Decide(1: DecideRequest request) throws (1: failure.Failure failure)

  /** Undoes a decision: a dismissed case is open again, removed content and banned users come back. Who may call: moderator. */
  UndoResponse Undo(1: UndoRequest request) throws (1: failure.Failure failure)

  /** Lists open appeals, oldest first, or answered ones. Who may call: moderator. */
  AppealsResponse Appeals(1: AppealsRequest request) throws (1: failure.Failure failure)

  /** Answers the appeal against a case's decision; accepting it undoes the decision. Who may call: moderator. */
  AnswerAppealResponse AnswerAppeal(1: AnswerAppealRequest request) throws (1: failure.Failure failure)

  /** Lists the measures in force against a user, and since when everything of the user is taken back. Who may call: moderator. */
  StandingResponse Standing(1: StandingRequest request) throws (1: failure.Failure failure)

  /** Takes back everything that a user did: removes videos, comments, danmaku, playlists, live rooms and messages, ends likes and follows, and withdraws open reports. Who may call: moderator. */
  SweepResponse Sweep(1: SweepRequest request) throws (1: failure.Failure failure)

  /** Brings back what was removed with a sweep. Likes, follows and reports do not come back. Who may call: moderator. */
  UndoSweepResponse UndoSweep(1: UndoSweepRequest request) throws (1: failure.Failure failure)

  /** Returns the blocklist in alphabetical order, and the limits of new accounts. Who may call: admin. */
  WordsResponse Words(1: WordsRequest request) throws (1: failure.Failure failure)

  /** Adds a term to the blocklist; `*` at its beginning or end stands for the rest of a word. `hold` shows it to a moderator first, `refuse` says no. Who may call: admin. */
  AddWordResponse AddWord(1: AddWordRequest request) throws (1: failure.Failure failure)

  /** Removes a term from the blocklist. Who may call: admin. */
  RemoveWordResponse RemoveWord(1: RemoveWordRequest request) throws (1: failure.Failure failure)

  /** Sets the limits of new accounts. Who may call: admin. */
  SetRulesResponse SetRules(1: SetRulesRequest request) throws (1: failure.Failure failure)

  /** Lists the audit trail, latest first; its entries cannot be changed or removed. Who may call: admin. */
  AuditResponse Audit(1: AuditRequest request) throws (1: failure.Failure failure)

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
