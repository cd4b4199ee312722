// Made by `npm run generate` from the contract of live.
namespace * kinora.live.v1

include "failure.thrift"

struct GateTerm {
  1: optional string kind
  2: optional i64 since_days
  3: optional i64 price
  4: optional i64 rent_hours
  5: optional i64 tier_id
  6: optional i64 chain_id
  7: optional string contract
  8: optional string standard
  9: optional string token_id
  10: optional string min
}

struct GateGroup_AnyList {
  1: list<GateTerm> items
}

struct GateGroup_AllList {
  1: list<GateTerm> items
}

struct GateGroup {
  1: optional GateGroup_AnyList any
  2: optional GateGroup_AllList all
  3: optional string kind
  4: optional i64 since_days
  5: optional i64 price
  6: optional i64 rent_hours
  7: optional i64 tier_id
  8: optional i64 chain_id
  9: optional string contract
  10: optional string standard
  11: optional string token_id
  12: optional string min
}

struct Gate_AnyList {
  1: list<GateGroup> items
}

struct Gate_AllList {
  1: list<GateGroup> items
}

struct Gate {
  1: optional Gate_AnyList any
  2: optional Gate_AllList all
  3: optional string kind
  4: optional i64 since_days
  5: optional i64 price
  6: optional i64 rent_hours
  7: optional i64 tier_id
  8: optional i64 chain_id
  9: optional string contract
  10: optional string standard
  11: optional string token_id
  12: optional string min
}

struct CreateRequest {
  1: string title
  2: optional string description
  3: optional string cover_url
  4: optional i64 category_id
  5: optional string visibility
  6: optional string password
  7: optional bool is_private
  8: optional i64 scheduled_at_ms
  9: optional bool keeps_recording
  10: optional bool notifies_followers
  11: optional Gate gate
  12: optional string gate_password
  13: optional string teaser
}

struct CreateResponse {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: string description
  5: string cover_url
  28: optional string picture_url
  6: optional i64 category_id
  7: i64 room_id
  8: string status
  9: string visibility
  10: bool is_private
  30: optional Gate gate
  31: optional string teaser
  11: i64 online_count
  12: i64 peak_count
  13: i64 view_count
  14: i64 like_count
  15: i64 gift_count
  16: i64 gift_value
  17: bool has_products
  18: bool is_mine
  29: bool is_removed
  19: optional i64 scheduled_at_ms
  20: optional i64 started_at_ms
  21: optional i64 ended_at_ms
  22: i64 duration_ms
  23: bool keeps_recording
  27: optional i64 video_id
  24: optional string stream_key
  25: optional string push_url
  26: i64 created_at_ms
}

struct ListRequest {
  1: optional string status
  2: optional string sort
  3: optional i64 category_id
  4: optional string cursor
  5: optional i64 skip
  6: optional i64 limit
  7: optional bool count
}

struct Live {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: string description
  5: string cover_url
  28: optional string picture_url
  6: optional i64 category_id
  7: i64 room_id
  8: string status
  9: string visibility
  10: bool is_private
  30: optional Gate gate
  31: optional string teaser
  11: i64 online_count
  12: i64 peak_count
  13: i64 view_count
  14: i64 like_count
  15: i64 gift_count
  16: i64 gift_value
  17: bool has_products
  18: bool is_mine
  29: bool is_removed
  19: optional i64 scheduled_at_ms
  20: optional i64 started_at_ms
  21: optional i64 ended_at_ms
  22: i64 duration_ms
  23: bool keeps_recording
  27: optional i64 video_id
  24: optional string stream_key
  25: optional string push_url
  26: i64 created_at_ms
}

struct ListResponse {
  1: list<Live> items
  2: optional string next_
  3: optional i64 total
}

struct OfUserRequest {
  1: i64 id
  2: optional string status
  3: optional string cursor
  4: optional i64 skip
  5: optional i64 limit
  6: optional bool count
}

struct OfUserResponse {
  1: list<Live> items
  2: optional string next_
  3: optional i64 total
}

struct GetRequest {
  1: i64 id
}

struct GetResponse {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: string description
  5: string cover_url
  28: optional string picture_url
  6: optional i64 category_id
  7: i64 room_id
  8: string status
  9: string visibility
  10: bool is_private
  30: optional Gate gate
  31: optional string teaser
  11: i64 online_count
  12: i64 peak_count
  13: i64 view_count
  14: i64 like_count
  15: i64 gift_count
  16: i64 gift_value
  17: bool has_products
  18: bool is_mine
  29: bool is_removed
  19: optional i64 scheduled_at_ms
  20: optional i64 started_at_ms
  21: optional i64 ended_at_ms
  22: i64 duration_ms
  23: bool keeps_recording
  27: optional i64 video_id
  24: optional string stream_key
  25: optional string push_url
  26: i64 created_at_ms
}

struct UpdateRequest {
  1: i64 id
  2: optional string title
  3: optional string description
  4: optional string cover_url
  5: optional i64 category_id
  6: optional string visibility
  7: optional string password
  8: optional bool is_private
  9: optional i64 scheduled_at_ms
  10: optional bool keeps_recording
  11: optional bool notifies_followers
  12: optional Gate gate
  13: optional string gate_password
  14: optional string teaser
}

struct UpdateResponse {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: string description
  5: string cover_url
  28: optional string picture_url
  6: optional i64 category_id
  7: i64 room_id
  8: string status
  9: string visibility
  10: bool is_private
  30: optional Gate gate
  31: optional string teaser
  11: i64 online_count
  12: i64 peak_count
  13: i64 view_count
  14: i64 like_count
  15: i64 gift_count
  16: i64 gift_value
  17: bool has_products
  18: bool is_mine
  29: bool is_removed
  19: optional i64 scheduled_at_ms
  20: optional i64 started_at_ms
  21: optional i64 ended_at_ms
  22: i64 duration_ms
  23: bool keeps_recording
  27: optional i64 video_id
  24: optional string stream_key
  25: optional string push_url
  26: i64 created_at_ms
}

struct RemoveRequest {
  1: i64 id
}

struct RemoveResponse {
}

struct ResetKeyRequest {
  1: i64 id
}

struct ResetKeyResponse {
  1: string stream_key
  2: string push_url
}

struct StartRequest {
  1: i64 id
}

struct StartResponse {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: string description
  5: string cover_url
  28: optional string picture_url
  6: optional i64 category_id
  7: i64 room_id
  8: string status
  9: string visibility
  10: bool is_private
  30: optional Gate gate
  31: optional string teaser
  11: i64 online_count
  12: i64 peak_count
  13: i64 view_count
  14: i64 like_count
  15: i64 gift_count
  16: i64 gift_value
  17: bool has_products
  18: bool is_mine
  29: bool is_removed
  19: optional i64 scheduled_at_ms
  20: optional i64 started_at_ms
  21: optional i64 ended_at_ms
  22: i64 duration_ms
  23: bool keeps_recording
  27: optional i64 video_id
  24: optional string stream_key
  25: optional string push_url
  26: i64 created_at_ms
}

struct EndRequest {
  1: i64 id
}

struct EndResponse {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: string description
  5: string cover_url
  28: optional string picture_url
  6: optional i64 category_id
  7: i64 room_id
  8: string status
  9: string visibility
  10: bool is_private
  30: optional Gate gate
  31: optional string teaser
  11: i64 online_count
  12: i64 peak_count
  13: i64 view_count
  14: i64 like_count
  15: i64 gift_count
  16: i64 gift_value
  17: bool has_products
  18: bool is_mine
  29: bool is_removed
  19: optional i64 scheduled_at_ms
  20: optional i64 started_at_ms
  21: optional i64 ended_at_ms
  22: i64 duration_ms
  23: bool keeps_recording
  27: optional i64 video_id
  24: optional string stream_key
  25: optional string push_url
  26: i64 created_at_ms
}

struct UnlockRequest {
  1: i64 id
  2: string password
}

struct UnlockResponse {
  1: string unlock
  2: i64 expires_at_ms
}

struct GateRequest {
  1: i64 id
  2: optional bool is_anew
}

struct GateTermState {
  1: string path
  2: string kind
  3: string state
  4: optional string needs
}

struct GateResponse {
  1: i64 id
  2: i64 owner_id
  3: string title
  4: i64 generation
  5: string teaser
  6: optional Gate gate
  7: string opening
  8: list<GateTermState> terms
}

struct BatchRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct BatchResponse_Items {
  1: i64 live_id
  2: i64 owner_id
  3: string title
  4: string description
  5: optional i64 category_id
  6: string status
  7: string visibility
  8: i64 version
  9: optional i64 started_at_ms
}

struct BatchResponse {
  1: list<BatchResponse_Items> items
}

struct OnAirRequest {
}

struct OnAirResponse {
  1: i64 rooms
  2: i64 viewers
}

struct VisibleRequest {
  1: list<i64> ids
}

struct VisibleResponse {
  1: list<Live> items
}

struct HealthRequest {
  1: i64 id
}

struct HealthResponse_Video {
  1: string codec
  2: i64 width
  3: i64 height
}

struct HealthResponse_Audio {
  1: string codec
  2: i64 sample_rate
  3: i64 channels
}

struct HealthResponse_LastRefusal {
  1: i64 at_ms
  2: string reason
  3: string sentence
}

struct HealthResponse_Rungs {
  1: string name
  2: string state
}

struct HealthResponse {
  1: bool is_sending
  2: optional string source
  3: optional i64 since_ms
  4: i64 bitrate_bps
  5: double frames_per_second
  6: optional i64 keyframe_ms
  7: i64 dropped_frames
  8: optional HealthResponse_Video video
  9: optional HealthResponse_Audio audio
  10: list<string> warnings
  12: optional HealthResponse_LastRefusal last_refusal
  11: list<HealthResponse_Rungs> rungs
}

struct IncomingRequest {
  1: i64 id
}

struct IncomingResponse_Video {
  1: string codec
  2: i64 width
  3: i64 height
}

struct IncomingResponse_Audio {
  1: string codec
  2: i64 sample_rate
  3: i64 channels
}

struct IncomingResponse_LastRefusal {
  1: i64 at_ms
  2: string reason
  3: string sentence
}

struct IncomingResponse_Rungs {
  1: string name
  2: string state
}

struct IncomingResponse {
  1: bool is_sending
  2: optional string source
  3: optional i64 since_ms
  4: i64 bitrate_bps
  5: double frames_per_second
  6: optional i64 keyframe_ms
  7: i64 dropped_frames
  8: optional IncomingResponse_Video video
  9: optional IncomingResponse_Audio audio
  10: list<string> warnings
  12: optional IncomingResponse_LastRefusal last_refusal
  11: list<IncomingResponse_Rungs> rungs
}

struct PlaybackRequest {
  1: i64 id
  2: optional string token
}

struct PlaybackResponse {
  1: bool is_open
  2: string status
}

struct PlaybackAddressRequest {
  1: i64 id
}

struct PlaybackAddressResponse {
  1: string hls_url
  5: string dvr_url
  2: string flv_url
  3: string webrtc_url
  4: optional i64 expires_at_ms
}

struct MediaRequest {
  1: i64 id
  2: optional bool is_relayed
}

struct MediaResponse_Event_Init_Tracks_Stated {
  1: i64 peak_bps
  2: i64 average_bps
  3: double frames_per_second
}

struct MediaResponse_Event_Init_Tracks_Format_Video {
  1: string codec
  2: binary config
  3: i64 width
  4: i64 height
}

struct MediaResponse_Event_Init_Tracks_Format_Audio {
  1: string codec
  2: binary config
  3: i64 sample_rate
  4: i64 channels
}

union MediaResponse_Event_Init_Tracks_Format {
  1: MediaResponse_Event_Init_Tracks_Format_Video video
  2: MediaResponse_Event_Init_Tracks_Format_Audio audio
}

struct MediaResponse_Event_Init_Tracks {
  1: string track
  2: string kind
  3: i64 id
  4: string codec
  5: i64 timescale
  6: i64 width
  7: i64 height
  8: optional i64 channels
  11: optional MediaResponse_Event_Init_Tracks_Stated stated
  9: binary init
  10: optional MediaResponse_Event_Init_Tracks_Format format
}

struct MediaResponse_Event_Init {
  1: i64 generation
  2: i64 origin_ms
  3: i64 part_target_ms
  4: i64 segment_max_ms
  5: list<MediaResponse_Event_Init_Tracks> tracks
}

struct MediaResponse_Event_Opened {
  1: i64 msn
  2: i64 generation
  3: bool is_discontinuous
  6: i64 discontinuities
  4: bool is_independent
  5: i64 start_ticks
}

struct MediaResponse_Event_Rung_Track_Stated {
  1: i64 peak_bps
  2: i64 average_bps
  3: double frames_per_second
}

struct MediaResponse_Event_Rung_Track_Format_Video {
  1: string codec
  2: binary config
  3: i64 width
  4: i64 height
}

struct MediaResponse_Event_Rung_Track_Format_Audio {
  1: string codec
  2: binary config
  3: i64 sample_rate
  4: i64 channels
}

union MediaResponse_Event_Rung_Track_Format {
  1: MediaResponse_Event_Rung_Track_Format_Video video
  2: MediaResponse_Event_Rung_Track_Format_Audio audio
}

struct MediaResponse_Event_Rung_Track {
  1: string track
  2: string kind
  3: i64 id
  4: string codec
  5: i64 timescale
  6: i64 width
  7: i64 height
  8: optional i64 channels
  11: optional MediaResponse_Event_Rung_Track_Stated stated
  9: binary init
  10: optional MediaResponse_Event_Rung_Track_Format format
}

struct MediaResponse_Event_Rung {
  1: i64 generation
  2: optional MediaResponse_Event_Rung_Track track
}

struct MediaResponse_Event_Part {
  1: string track
  2: i64 msn
  3: i64 part
  4: binary bytes
  5: i64 start_ticks
  6: i64 duration_ticks
  7: bool is_independent
  8: i64 keyframe_bytes
  9: i64 frames
}

struct MediaResponse_Event_Closed {
  1: string track
  2: i64 msn
  3: i64 parts
}

struct MediaResponse_Event_End {
}

union MediaResponse_Event {
  1: MediaResponse_Event_Init init
  2: MediaResponse_Event_Opened opened
  3: MediaResponse_Event_Rung rung
  4: MediaResponse_Event_Part part
  5: MediaResponse_Event_Closed closed
  6: MediaResponse_Event_End end_
}

struct MediaResponse {
  1: optional MediaResponse_Event event
  2: i64 waiting
}

struct PictureRequest {
  1: i64 id
  2: optional bool is_relayed
}

struct PictureResponse {
  1: binary bytes
}

struct HistoryRequest {
  1: i64 id
  2: i64 after_msn
}

struct HistoryResponse_Tracks {
  1: string track
  2: binary init
}

struct HistoryResponse_Segments_Ranges {
  1: string track
  2: i64 start_ticks
  3: i64 duration_ticks
  4: i64 size_bytes
  5: i64 frames
  6: bool is_independent
}

struct HistoryResponse_Segments {
  1: i64 msn
  2: bool is_discontinuous
  3: i64 start_ticks
  4: list<HistoryResponse_Segments_Ranges> ranges
}

struct HistoryResponse {
  1: i64 window_ms
  2: list<HistoryResponse_Tracks> tracks
  3: list<HistoryResponse_Segments> segments
}

struct SegmentRequest {
  1: i64 id
  2: string track
  3: i64 msn
}

struct SegmentResponse {
  1: binary bytes
}

struct ReleaseStreamRequest {
  1: i64 id
}

struct ReleaseStreamResponse {
}

struct HasStreamRequest {
  1: i64 id
}

struct HasStreamResponse {
  1: bool has_stream
}

struct PublishRequest {
  1: i64 id
  2: string sdp
  3: optional string key
}

struct PublishResponse {
  1: string sdp
  2: string session_id
}

struct WatchRequest {
  1: i64 id
  2: string sdp
  3: optional string token
  4: optional bool is_relayed
}

struct WatchResponse {
  1: string sdp
  2: string session_id
}

struct HangUpRequest {
  1: i64 id
  2: string session_id
  3: optional bool is_relayed
}

struct HangUpResponse {
}

struct FramesRequest {
  1: i64 id
  2: optional bool is_relayed
}

struct FramesResponse_Event_Format_Format_Video {
  1: string codec
  2: binary config
  3: i64 width
  4: i64 height
}

struct FramesResponse_Event_Format_Format_Audio {
  1: string codec
  2: binary config
  3: i64 sample_rate
  4: i64 channels
}

union FramesResponse_Event_Format_Format {
  1: FramesResponse_Event_Format_Format_Video video
  2: FramesResponse_Event_Format_Format_Audio audio
}

struct FramesResponse_Event_Format {
  1: optional FramesResponse_Event_Format_Format format
}

struct FramesResponse_Event_Video {
  1: i64 dts
  2: i64 pts
  3: bool is_key
  4: binary bytes
}

struct FramesResponse_Event_Audio {
  1: i64 pts
  2: i64 samples
  3: binary bytes
}

struct FramesResponse_Event_Restart {
}

struct FramesResponse_Event_End {
}

union FramesResponse_Event {
  1: FramesResponse_Event_Format format
  2: FramesResponse_Event_Video video
  3: FramesResponse_Event_Audio audio
  4: FramesResponse_Event_Restart restart
  5: FramesResponse_Event_End end_
}

struct FramesResponse {
  1: optional FramesResponse_Event event
}

struct WalletRequest {
}

struct WalletResponse {
  1: i64 balance
  2: i64 gift_balance
  3: i64 earnings
  5: i64 gift_earnings
  4: i64 pending_payouts
}

struct StatementRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct StatementEntry {
  1: i64 id
  2: string account
  3: string kind
  4: i64 amount
  5: i64 balance
  6: optional i64 live_id
  7: optional i64 gift_id
  8: optional i64 user_id
  9: optional i64 payout_id
  10: i64 at_ms
}

struct StatementResponse {
  1: list<StatementEntry> items
  2: optional string next_
  3: optional i64 total
}

struct RequestPayoutRequest {
  1: i64 amount
}

struct RequestPayoutResponse {
  1: i64 id
  2: i64 amount
  3: string status
  4: string note
  5: i64 requested_at_ms
  6: i64 expires_at_ms
  7: optional i64 decided_at_ms
}

struct OwnPayoutsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct Payout {
  1: i64 id
  2: i64 amount
  3: string status
  4: string note
  5: i64 requested_at_ms
  6: i64 expires_at_ms
  7: optional i64 decided_at_ms
}

struct OwnPayoutsResponse {
  1: list<Payout> items
  2: optional string next_
  3: optional i64 total
}

struct PayoutsRequest {
  1: optional string status
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct UserPayout_Sources {
  1: i64 giver_count
  2: optional i64 oldest_giver_at_ms
  3: optional i64 newest_giver_at_ms
  4: i64 bought_coins
  5: i64 granted_coins
  6: i64 largest_giver
  7: i64 gift_earnings
}

struct UserPayout {
  1: i64 id
  2: i64 amount
  3: string status
  4: string note
  5: i64 requested_at_ms
  6: i64 expires_at_ms
  7: optional i64 decided_at_ms
  8: optional i64 user_id
  9: optional UserPayout_Sources sources
}

struct PayoutsResponse {
  1: list<UserPayout> items
  2: optional string next_
  3: optional i64 total
}

struct DecidePayoutRequest {
  1: i64 id
  2: bool approve
  3: optional string note
}

struct DecidePayoutResponse_Sources {
  1: i64 giver_count
  2: optional i64 oldest_giver_at_ms
  3: optional i64 newest_giver_at_ms
  4: i64 bought_coins
  5: i64 granted_coins
  6: i64 largest_giver
  7: i64 gift_earnings
}

struct DecidePayoutResponse {
  1: i64 id
  2: i64 amount
  3: string status
  4: string note
  5: i64 requested_at_ms
  6: i64 expires_at_ms
  7: optional i64 decided_at_ms
  8: optional i64 user_id
  9: optional DecidePayoutResponse_Sources sources
}

struct GrantCoinsRequest {
  1: i64 id
  2: i64 amount
  4: optional string source
  3: string reason
}

struct GrantCoinsResponse {
  1: i64 balance
  2: i64 gift_balance
  3: i64 earnings
  5: i64 gift_earnings
  4: i64 pending_payouts
}

struct BuyAccessRequest {
  1: string kind
  2: i64 thing_id
  3: i64 seller_id
  4: i64 price
  5: optional i64 rent_hours
}

struct BuyAccessResponse {
  1: i64 balance
  2: optional i64 until_ms
  3: i64 version
}

struct RefundAccessRequest {
  1: string kind
  2: i64 thing_id
}

struct RefundAccessResponse {
  1: i64 balance
  2: i64 version
}

struct GiftsRequest {
}

struct Gift {
  1: i64 id
  2: string name
  3: string slug
  4: string icon
  5: string animation
  6: i64 price
  7: string type
  8: i64 level
}

struct GiftsResponse {
  1: list<Gift> items
}

struct SendGiftRequest {
  1: i64 id
  2: i64 gift_id
  3: optional i64 quantity
  4: optional string message
  5: optional bool is_anonymous
}

struct SendGiftResponse {
  1: i64 id
  2: i64 live_id
  3: optional i64 user_id
  4: i64 target_id
  5: i64 gift_id
  6: string gift_name
  7: string gift_slug
  8: string gift_icon
  9: i64 quantity
  10: i64 unit_price
  11: i64 total_value
  12: i64 combo_count
  13: string message
  18: string message_status
  19: optional string message_reason
  20: optional i64 message_seq
  14: bool is_anonymous
  15: bool is_mine
  16: optional i64 balance
  17: i64 created_at_ms
}

struct GiftRecordsRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct GiftRecord {
  1: i64 id
  2: i64 live_id
  3: optional i64 user_id
  4: i64 target_id
  5: i64 gift_id
  6: string gift_name
  7: string gift_slug
  8: string gift_icon
  9: i64 quantity
  10: i64 unit_price
  11: i64 total_value
  12: i64 combo_count
  13: string message
  18: string message_status
  19: optional string message_reason
  20: optional i64 message_seq
  14: bool is_anonymous
  15: bool is_mine
  16: optional i64 balance
  17: i64 created_at_ms
}

struct GiftRecordsResponse {
  1: list<GiftRecord> items
  2: optional string next_
  3: optional i64 total
}

struct GiversRequest {
  1: i64 id
  2: optional i64 limit
}

struct Giver {
  1: i64 rank
  2: optional i64 user_id
  3: bool is_anonymous
  4: bool is_mine
  5: i64 gift_count
  6: i64 total_value
}

struct GiversResponse {
  1: list<Giver> items
}

struct FanClubRequest {
  1: i64 id
}

struct FanClubResponse {
  1: i64 id
  2: string name
  3: i64 member_count
  4: bool is_member
  5: i64 level
  6: i64 experience
  7: optional i64 next_level_at
  8: string badge_name
}

struct JoinFanClubRequest {
  1: i64 id
}

struct JoinFanClubResponse {
  1: bool is_member
  2: i64 member_count
  3: i64 level
  4: i64 experience
  5: optional i64 next_level_at
  6: string badge_name
}

struct LeaveFanClubRequest {
  1: i64 id
}

struct LeaveFanClubResponse {
  1: bool is_member
  2: i64 member_count
  3: i64 level
  4: i64 experience
  5: optional i64 next_level_at
  6: string badge_name
}

struct ProductsRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct Product {
  1: i64 id
  2: i64 live_id
  3: string name
  4: string description
  5: string cover_url
  6: double price
  7: optional double sale_price
  8: string currency
  9: i64 stock
  10: i64 available
  11: string status
  12: bool is_pinned
  13: i64 created_at_ms
}

struct ProductsResponse {
  1: list<Product> items
  2: optional string next_
  3: optional i64 total
}

struct AddProductRequest {
  1: i64 id
  2: string name
  3: optional string description
  4: optional string cover_url
  5: double price
  6: optional double sale_price
  7: i64 stock
  8: optional string status
}

struct AddProductResponse {
  1: i64 id
  2: i64 live_id
  3: string name
  4: string description
  5: string cover_url
  6: double price
  7: optional double sale_price
  8: string currency
  9: i64 stock
  10: i64 available
  11: string status
  12: bool is_pinned
  13: i64 created_at_ms
}

struct UpdateProductRequest {
  1: i64 id
  2: i64 pid
  3: optional string name
  4: optional string description
  5: optional string cover_url
  6: optional double price
  7: optional double sale_price
  8: optional i64 stock
  9: optional string status
}

struct UpdateProductResponse {
  1: i64 id
  2: i64 live_id
  3: string name
  4: string description
  5: string cover_url
  6: double price
  7: optional double sale_price
  8: string currency
  9: i64 stock
  10: i64 available
  11: string status
  12: bool is_pinned
  13: i64 created_at_ms
}

struct RemoveProductRequest {
  1: i64 id
  2: i64 pid
}

struct RemoveProductResponse {
}

struct PinProductRequest {
  1: i64 id
  2: i64 pid
}

struct PinProductResponse {
  1: i64 id
  2: i64 live_id
  3: string name
  4: string description
  5: string cover_url
  6: double price
  7: optional double sale_price
  8: string currency
  9: i64 stock
  10: i64 available
  11: string status
  12: bool is_pinned
  13: i64 created_at_ms
}

struct UnpinProductRequest {
  1: i64 id
  2: i64 pid
}

struct UnpinProductResponse {
  1: i64 id
  2: i64 live_id
  3: string name
  4: string description
  5: string cover_url
  6: double price
  7: optional double sale_price
  8: string currency
  9: i64 stock
  10: i64 available
  11: string status
  12: bool is_pinned
  13: i64 created_at_ms
}

struct ReserveProductRequest {
  1: i64 id
  2: i64 pid
  3: optional i64 quantity
}

struct ReserveProductResponse {
  1: i64 id
  2: i64 product_id
  3: i64 quantity
  4: double unit_price
  5: double total_price
  6: string currency
  7: string status
  8: i64 expires_at_ms
}

struct ConfirmReservationRequest {
  1: i64 id
  2: i64 pid
  3: i64 rid
}

struct ConfirmReservationResponse {
  1: i64 id
  2: i64 product_id
  3: i64 quantity
  4: double unit_price
  5: double total_price
  6: string currency
  7: string status
  8: i64 expires_at_ms
}

struct CancelReservationRequest {
  1: i64 id
  2: i64 pid
  3: i64 rid
}

struct CancelReservationResponse {
  1: i64 id
  2: i64 product_id
  3: i64 quantity
  4: double unit_price
  5: double total_price
  6: string currency
  7: string status
  8: i64 expires_at_ms
}

struct OrdersRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct Order {
  1: i64 id
  2: i64 product_id
  3: string product_name
  4: optional i64 user_id
  5: i64 quantity
  6: double unit_price
  7: double total_price
  8: string currency
  9: i64 confirmed_at_ms
}

struct OrdersResponse {
  1: list<Order> items
  2: optional string next_
  3: optional i64 total
}

struct JoinRequest {
  1: i64 id
}

struct JoinResponse {
  1: optional Live live
  2: i64 online_count
  3: string ws_url
  4: string play_url
  5: string hls_url
  6: string flv_url
  7: string webrtc_url
}

struct LeaveRequest {
  1: i64 id
}

struct LeaveResponse {
  1: i64 online_count
}

struct ViewersRequest {
  1: i64 id
}

struct LiveViewerCount {
  1: i64 at_ms
  2: i64 viewers
}

struct ViewersResponse {
  1: list<LiveViewerCount> items
}

struct SayRequest {
  1: i64 id
  2: string content
}

struct LiveMessage {
  1: i64 seq
  2: string kind
  3: i64 user_id
  4: string username
  5: string nickname
  6: string avatar
  7: string badge
  11: i64 fan_level
  8: string content
  9: string detail
  10: i64 created_at_ms
}

struct SayResponse {
  1: optional LiveMessage message
  2: bool is_held
}

struct MessagesRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct MessagesResponse {
  1: list<LiveMessage> items
  2: optional string next_
  3: optional i64 total
}

struct DeleteMessageRequest {
  1: i64 id
  2: i64 seq
}

struct DeleteMessageResponse {
}

struct PinnedRequest {
  1: i64 id
}

struct PinnedResponse {
  1: optional LiveMessage message
}

struct PinRequest {
  1: i64 id
  2: i64 seq
}

struct PinResponse {
}

struct UnpinRequest {
  1: i64 id
}

struct UnpinResponse {
}

struct ChatRequest {
  1: i64 id
}

struct ChatResponse_Keywords {
  1: string pattern
  2: string action
}

struct ChatResponse {
  1: bool is_open
  2: i64 slow_mode
  3: bool followers_only
  4: bool hold_links
  5: list<ChatResponse_Keywords> keywords
  6: bool may_moderate
}

struct SetChatRequest_Keywords {
  1: string pattern
  2: string action
}

struct SetChatRequest_KeywordsList {
  1: list<SetChatRequest_Keywords> items
}

struct SetChatRequest {
  1: i64 id
  2: optional bool is_open
  3: optional i64 slow_mode
  4: optional bool followers_only
  5: optional bool hold_links
  6: optional SetChatRequest_KeywordsList keywords
}

struct SetChatResponse_Keywords {
  1: string pattern
  2: string action
}

struct SetChatResponse {
  1: bool is_open
  2: i64 slow_mode
  3: bool followers_only
  4: bool hold_links
  5: list<SetChatResponse_Keywords> keywords
  6: bool may_moderate
}

struct HeldRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct HeldLiveMessage {
  1: i64 id
  2: i64 user_id
  3: string username
  4: string nickname
  5: string avatar
  6: string content
  7: string reason
  9: optional i64 gift_record_id
  8: i64 created_at_ms
}

struct HeldResponse {
  1: list<HeldLiveMessage> items
  2: optional string next_
  3: optional i64 total
}

struct AllowHeldRequest {
  1: i64 id
  2: i64 held_id
}

struct AllowHeldResponse {
}

struct HideHeldRequest {
  1: i64 id
  2: i64 held_id
}

struct HideHeldResponse {
}

struct RoomModeratorsRequest {
  1: i64 id
}

struct RoomModeratorsResponse_Items {
  1: i64 user_id
  2: i64 created_at_ms
}

struct RoomModeratorsResponse {
  1: list<RoomModeratorsResponse_Items> items
}

struct AddModeratorRequest {
  1: i64 id
  2: i64 user_id
}

struct AddModeratorResponse {
}

struct RemoveModeratorRequest {
  1: i64 id
  2: i64 user_id
}

struct RemoveModeratorResponse {
}

struct RestrictionsRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct RestrictionsResponse_Items {
  1: i64 user_id
  2: string kind
  3: optional i64 until_ms
  4: i64 created_at_ms
}

struct RestrictionsResponse {
  1: list<RestrictionsResponse_Items> items
  2: optional string next_
  3: optional i64 total
}

struct MuteInRoomRequest {
  1: i64 id
  2: i64 user_id
  3: optional i64 minutes
}

struct MuteInRoomResponse {
}

struct UnmuteInRoomRequest {
  1: i64 id
  2: i64 user_id
}

struct UnmuteInRoomResponse {
}

struct BanFromRoomRequest {
  1: i64 id
  2: i64 user_id
}

struct BanFromRoomResponse {
}

struct UnbanFromRoomRequest {
  1: i64 id
  2: i64 user_id
}

struct UnbanFromRoomResponse {
}

struct RedeemTicketRequest {
  1: i64 id
  2: string ticket
}

struct RedeemTicketResponse {
  1: i64 user_id
  2: string session_id
  3: string role
  4: optional string unlock
}

struct AttendRequest {
  1: i64 id
}

struct AttendResponse {
  1: i64 owner_id
  2: string username
  3: string status
  4: i64 online_count
  5: i64 generation
  6: optional bool is_granted
}

struct DismissedRequest {
  1: i64 id
  2: i64 generation
  4: optional bool is_granted
  3: list<i64> user_ids
}

struct DismissedResponse {
  1: optional string status
  2: list<i64> user_ids
}

struct RoomRequest {
  1: i64 id
  2: optional i64 after
}

struct RoomResponse_Lines {
  1: i64 seq
  2: string kind
  3: i64 user_id
  4: string username
  5: string payload
  6: i64 at_ms
  7: optional i64 to_user_id
}

struct RoomResponse {
  1: i64 from_
  2: i64 seq
  3: list<RoomResponse_Lines> lines
}

struct RoomAfterRequest {
  1: i64 id
  2: i64 after
}

struct RoomAfterResponse_Lines {
  1: i64 seq
  2: string kind
  3: i64 user_id
  4: string username
  5: string payload
  6: i64 at_ms
  7: optional i64 to_user_id
}

struct RoomAfterResponse {
  1: i64 from_
  2: i64 seq
  3: list<RoomAfterResponse_Lines> lines
}

struct RecordedChatRequest {
  1: i64 id
  2: i64 video_id
  3: i64 after
}

struct RecordedChatResponse_Items {
  1: i64 seq
  2: i64 user_id
  3: i64 position_ms
  4: string content
  5: i64 created_at_ms
}

struct RecordedChatResponse {
  1: list<RecordedChatResponse_Items> items
  2: optional i64 next_
}

struct SignalRequest {
  1: i64 id
  2: string kind
  3: string username
  4: string payload
  5: optional i64 to_user_id
}

struct SignalResponse {
}

struct LikeRoomRequest {
  1: i64 id
  2: i64 count
}

struct LikeRoomResponse {
}

struct PresenceRequest_Rooms_Changes {
  1: string person
  2: i64 connections
}

struct PresenceRequest_Rooms {
  1: i64 id
  3: bool is_whole
  4: list<PresenceRequest_Rooms_Changes> changes
}

struct PresenceRequest {
  1: string instance
  2: list<PresenceRequest_Rooms> rooms
}

struct PresenceResponse_Items {
  1: i64 id
  2: i64 online_count
}

struct PresenceResponse {
  1: list<PresenceResponse_Items> items
}

struct DeliverRequest {
  1: string topic
  2: binary bytes
  3: string from_
}

struct DeliverResponse {
}

struct CreateClipRequest {
  1: i64 id
  2: optional i64 seconds
  3: optional string title
}

struct CreateClipResponse_StatusReason {
  1: string error
  2: string message
}

struct CreateClipResponse_Replacement_StatusReason {
  1: string error
  2: string message
}

struct CreateClipResponse_Replacement {
  1: i64 media_id
  2: string status
  3: optional CreateClipResponse_Replacement_StatusReason status_reason
}

struct Chapter {
  1: i64 start_ms
  2: string title
}

struct CreateClipResponse {
  1: i64 id
  2: i64 user_id
  3: i64 media_id
  4: string title
  5: string description
  6: i64 duration_ms
  7: i64 width
  8: i64 height
  9: i64 size_bytes
  10: optional i64 category_id
  11: list<string> tags
  12: list<string> hashtags
  13: i64 status
  14: optional CreateClipResponse_StatusReason status_reason
  15: string visibility
  16: bool is_public
  17: i64 generation
  18: bool has_cover
  19: string cover_url
  20: optional i64 cover_media_id
  21: bool allow_comment
  22: bool allow_download
  23: bool is_mine
  24: optional bool is_granted
  31: optional Gate gate
  32: optional string teaser
  25: optional CreateClipResponse_Replacement replacement
  26: list<Chapter> chapters
  27: bool is_draft
  28: optional i64 publish_at_ms
  29: i64 created_at_ms
  30: optional i64 published_at_ms
}

struct ClipsRequest {
  1: i64 id
  2: optional string cursor
  3: optional i64 skip
  4: optional i64 limit
  5: optional bool count
}

struct ClipsResponse_Items {
  1: i64 video_id
  2: i64 created_at_ms
}

struct ClipsResponse {
  1: list<ClipsResponse_Items> items
  2: optional string next_
  3: optional i64 total
}

struct GuestsRequest {
  1: i64 id
}

struct GuestsResponse_Items {
  1: i64 live_id
  2: i64 user_id
  3: string status
  4: i64 invited_at_ms
}

struct GuestsResponse {
  1: list<GuestsResponse_Items> items
}

struct InviteGuestRequest {
  1: i64 id
  2: i64 user_id
}

struct InviteGuestResponse {
  1: i64 live_id
  2: i64 user_id
  3: string status
  4: i64 invited_at_ms
}

struct RemoveGuestRequest {
  1: i64 id
  2: i64 user_id
}

struct RemoveGuestResponse {
}

struct GuestsOfRequest {
  1: list<i64> ids
}

struct GuestsOfResponse_Items {
  1: i64 live_id
  2: i64 user_id
  3: string status
  4: i64 invited_at_ms
  5: i64 room_id
}

struct GuestsOfResponse {
  1: list<GuestsOfResponse_Items> items
}

struct OwnRoomMessagesRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct OwnRoomMessage {
  1: i64 live_id
  2: i64 seq
  3: string content
  4: i64 created_at_ms
}

struct OwnRoomMessagesResponse {
  1: list<OwnRoomMessage> items
  2: optional string next_
  3: optional i64 total
}

struct SentGiftsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct SentGiftsResponse {
  1: list<GiftRecord> items
  2: optional string next_
  3: optional i64 total
}

struct OwnMembershipsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct OwnFanClubMembership {
  1: i64 owner_id
  2: bool is_member
  3: i64 experience
  4: i64 joined_at_ms
}

struct OwnMembershipsResponse {
  1: list<OwnFanClubMembership> items
  2: optional string next_
  3: optional i64 total
}

struct OwnOrdersRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct OwnOrder {
  1: i64 id
  2: i64 product_id
  3: string product_name
  4: i64 quantity
  5: double unit_price
  6: double total_price
  7: string currency
  8: i64 confirmed_at_ms
  9: i64 live_id
}

struct OwnOrdersResponse {
  1: list<OwnOrder> items
  2: optional string next_
  3: optional i64 total
}

struct OwnPurchasesRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct OwnPurchase {
  1: string kind
  2: i64 thing_id
  3: i64 seller_id
  4: i64 price
  5: bool is_paid
  6: i64 bought_at_ms
  7: optional i64 until_ms
}

struct OwnPurchasesResponse {
  1: list<OwnPurchase> items
  2: optional string next_
  3: optional i64 total
}

struct PutGrantRequest {
  1: string kind
  2: i64 thing_id
  3: i64 user_id
  4: string reason
  5: optional i64 until_ms
  6: i64 version
  7: bool is_granted
}

struct PutGrantResponse {
}

struct MutedUsersRequest {
  1: optional i64 after
  2: i64 limit
}

struct MutedUsersResponse_Items {
  1: i64 user_id
  2: string kind
  3: optional i64 until_ms
  4: string reason
}

struct MutedUsersResponse {
  1: list<MutedUsersResponse_Items> items
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

service LiveService {
  /** Creates a live room; the answer has the stream key, which is not shown again. Who may call: user. */
  CreateResponse Create(1: CreateRequest request) throws (1: failure.Failure failure)

  /** Public live rooms: those that are live, or those of one status; the newest or the most watched first. Who may call: public. */
  ListResponse List(1: ListRequest request) throws (1: failure.Failure failure)

  /** The live rooms of a user that the caller may find, the newest first; the caller's own are all of them. Who may call: public. */
  OfUserResponse OfUser(1: OfUserRequest request) throws (1: failure.Failure failure)

  /** A live room that the caller may see. Who may call: public. */
  GetResponse Get(1: GetRequest request) throws (1: failure.Failure failure)

  /** Changes a live room of the caller; omitted fields keep their value. Who may call: user. */
  UpdateResponse Update(1: UpdateRequest request) throws (1: failure.Failure failure)

  /** Deletes a live room of the caller; one that is live ends first. Its recording stays. Who may call: user. */
  RemoveResponse Remove(1: RemoveRequest request) throws (1: failure.Failure failure)

  /** Replaces the stream key; the former one is refused from then on, and a publisher that uses it is disconnected. Who may call: user. */
  ResetKeyResponse ResetKey(1: ResetKeyRequest request) throws (1: failure.Failure failure)

  /** Opens a live room of the caller to its viewers. Who may call: user. */
  StartResponse Start(1: StartRequest request) throws (1: failure.Failure failure)

  /** Ends a live room of the caller. Who may call: user. */
  EndResponse End(1: EndRequest request) throws (1: failure.Failure failure)

  /** Exchanges the password of a live room for a token that is sent as `X-Kinora-Unlock`. Who may call: public. */
  UnlockResponse Unlock(1: UnlockRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  GateResponse Gate(1: GateRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BatchResponse Batch(1: BatchRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OnAirResponse OnAir(1: OnAirRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  VisibleResponse Visible(1: VisibleRequest request) throws (1: failure.Failure failure)

  /** How the stream of a live room of the caller comes in, with what is wrong with it. Who may call: user. */
  HealthResponse Health(1: HealthRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  IncomingResponse Incoming(1: IncomingRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  PlaybackResponse Playback(1: PlaybackRequest request) throws (1: failure.Failure failure)

  /** The addresses of a live room for the caller; those of a room that is not open to all end with the token. Who may call: public. */
  PlaybackAddressResponse PlaybackAddress(1: PlaybackAddressRequest request) throws (1: failure.Failure failure)

  // Media is a stream of MediaResponse, which Thrift does not have.

  /** Who may call: service. */
  PictureResponse Picture(1: PictureRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  HistoryResponse History(1: HistoryRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SegmentResponse Segment(1: SegmentRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  ReleaseStreamResponse ReleaseStream(1: ReleaseStreamRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  HasStreamResponse HasStream(1: HasStreamRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  PublishResponse Publish(1: PublishRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  WatchResponse Watch(1: WatchRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  HangUpResponse HangUp(1: HangUpRequest request) throws (1: failure.Failure failure)

  // Frames is a stream of FramesResponse, which Thrift does not have.

  /** The coins of the caller; a new account begins with some for gifts. Who may call: user. */
  WalletResponse Wallet(1: WalletRequest request) throws (1: failure.Failure failure)

  /** Every move of the caller's coins, the newest first; the amounts of an account add up to its balance. Who may call: user. */
  StatementResponse Statement(1: StatementRequest request) throws (1: failure.Failure failure)

  /** Asks for earnings to be paid out; they are set aside until an administrator decides. Earnings from free coins are not paid out. Who may call: user. */
  RequestPayoutResponse RequestPayout(1: RequestPayoutRequest request) throws (1: failure.Failure failure)

  /** The payouts of the caller, the newest first. Who may call: user. */
  OwnPayoutsResponse OwnPayouts(1: OwnPayoutsRequest request) throws (1: failure.Failure failure)

  /** The payouts of all users, or those of one status; the newest first. Who may call: admin. */
  PayoutsResponse Payouts(1: PayoutsRequest request) throws (1: failure.Failure failure)

  /** Approves a payout, or refuses it: then its coins are earnings again. Who may call: admin. */
  DecidePayoutResponse DecidePayout(1: DecidePayoutRequest request) throws (1: failure.Failure failure)

  /** Gives a user coins; a negative amount takes some back. It is in the audit log with its reason. Who may call: admin. */
  GrantCoinsResponse GrantCoins(1: GrantCoinsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BuyAccessResponse BuyAccess(1: BuyAccessRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RefundAccessResponse RefundAccess(1: RefundAccessRequest request) throws (1: failure.Failure failure)

  /** The gifts there are, the least expensive first. Who may call: public. */
  GiftsResponse Gifts(1: GiftsRequest request) throws (1: failure.Failure failure)

  /** Gives the owner of a live room a gift; coins for gifts alone are spent first. Words that may not be written in the room are left out, and the gift is given. With an `Idempotency-Key` it is paid once, however often it is sent. Who may call: user. */
  SendGiftResponse SendGift(1: SendGiftRequest request) throws (1: failure.Failure failure)

  /** The gifts of a live room, the newest first. Who may call: public. */
  GiftRecordsResponse GiftRecords(1: GiftRecordsRequest request) throws (1: failure.Failure failure)

  /** Those who gave most in a live room. Who may call: public. */
  GiversResponse Givers(1: GiversRequest request) throws (1: failure.Failure failure)

  /** The fan club of the owner of a live room. Who may call: public. */
  FanClubResponse FanClub(1: FanClubRequest request) throws (1: failure.Failure failure)

  /** Joins the fan club of the owner of a live room. Gifts to them are experience from then on. Who may call: user. */
  JoinFanClubResponse JoinFanClub(1: JoinFanClubRequest request) throws (1: failure.Failure failure)

  /** Leaves the fan club; those who join again have the experience that they had. Who may call: user. */
  LeaveFanClubResponse LeaveFanClub(1: LeaveFanClubRequest request) throws (1: failure.Failure failure)

  /** The products of a live room, the newest first; those that are off are listed for the owner alone. Who may call: public. */
  ProductsResponse Products(1: ProductsRequest request) throws (1: failure.Failure failure)

  /** Adds a product to a live room of the caller. Who may call: user. */
  AddProductResponse AddProduct(1: AddProductRequest request) throws (1: failure.Failure failure)

  /** Changes a product; omitted fields keep their value. Who may call: user. */
  UpdateProductResponse UpdateProduct(1: UpdateProductRequest request) throws (1: failure.Failure failure)

  /** Removes a product and its reservations; its orders stay. Who may call: user. */
  RemoveProductResponse RemoveProduct(1: RemoveProductRequest request) throws (1: failure.Failure failure)

  /** Pins a product in its room, in place of the one that is pinned. Who may call: user. */
  PinProductResponse PinProduct(1: PinProductRequest request) throws (1: failure.Failure failure)

  /** Unpins a product. Who may call: user. */
  UnpinProductResponse UnpinProduct(1: UnpinProductRequest request) throws (1: failure.Failure failure)

  /** Reserves some of a product for two minutes, in place of what the caller had reserved of it: two thirds of the stock at most, five times in half an hour. Nothing is paid by it. Who may call: user. */
  ReserveProductResponse ReserveProduct(1: ReserveProductRequest request) throws (1: failure.Failure failure)

  /** Makes a reservation an order that the host sees. No payment is taken. Who may call: user. */
  ConfirmReservationResponse ConfirmReservation(1: ConfirmReservationRequest request) throws (1: failure.Failure failure)

  /** Cancels a reservation; what it kept is free for others. Who may call: user. */
  CancelReservationResponse CancelReservation(1: CancelReservationRequest request) throws (1: failure.Failure failure)

  /** The orders of a live room of the caller, the newest first. Who may call: user. */
  OrdersResponse Orders(1: OrdersRequest request) throws (1: failure.Failure failure)

  /** Enters a room that is live: where it is played, and a socket address that opens once within 30 seconds. Who may call: user. */
  JoinResponse Join(1: JoinRequest request) throws (1: failure.Failure failure)

  /** Leaves a room that was entered by `join`. Who may call: user. */
  LeaveResponse Leave(1: LeaveRequest request) throws (1: failure.Failure failure)

  /** How many watched a live room of the caller at each minute of the last day that it was live. Who may call: user. */
  ViewersResponse Viewers(1: ViewersRequest request) throws (1: failure.Failure failure)

  /** Writes in the chat of a room that is live, as `chat` on its socket does. Who may call: user. */
  SayResponse Say(1: SayRequest request) throws (1: failure.Failure failure)

  /** What was said and happened in a room, the newest first. Who may call: public. */
  MessagesResponse Messages(1: MessagesRequest request) throws (1: failure.Failure failure)

  /** Deletes a message for everybody: one of the caller, or as the owner or a moderator of the room. A gift stays without its words. Who may call: user. */
  DeleteMessageResponse DeleteMessage(1: DeleteMessageRequest request) throws (1: failure.Failure failure)

  /** The message that stays above the chat, or null. Who may call: public. */
  PinnedResponse Pinned(1: PinnedRequest request) throws (1: failure.Failure failure)

  /** Keeps one message above the chat, in place of the one before. Who may call: user. */
  PinResponse Pin(1: PinRequest request) throws (1: failure.Failure failure)

  /** Takes the message above the chat away. Who may call: user. */
  UnpinResponse Unpin(1: UnpinRequest request) throws (1: failure.Failure failure)

  /** How the chat of a room is moderated; its keywords are for the owner and moderators alone. Who may call: public. */
  ChatResponse Chat(1: ChatRequest request) throws (1: failure.Failure failure)

  /** Changes how the chat of a room is moderated; omitted fields keep their value. Who may call: user. */
  SetChatResponse SetChat(1: SetChatRequest request) throws (1: failure.Failure failure)

  /** Messages that wait for the owner or a moderator of the room, the newest first. Who may call: user. */
  HeldResponse Held(1: HeldRequest request) throws (1: failure.Failure failure)

  /** Sends a held message to the room. Who may call: user. */
  AllowHeldResponse AllowHeld(1: AllowHeldRequest request) throws (1: failure.Failure failure)

  /** Drops a held message. Who may call: user. */
  HideHeldResponse HideHeld(1: HideHeldRequest request) throws (1: failure.Failure failure)

  /** The moderators of a room. Who may call: user. */
  RoomModeratorsResponse RoomModerators(1: RoomModeratorsRequest request) throws (1: failure.Failure failure)

  /** Makes an account a moderator of a room of the caller. Who may call: user. */
  AddModeratorResponse AddModerator(1: AddModeratorRequest request) throws (1: failure.Failure failure)

  /** Takes the role of a moderator in a room of the caller back. Who may call: user. */
  RemoveModeratorResponse RemoveModerator(1: RemoveModeratorRequest request) throws (1: failure.Failure failure)

  /** The accounts that may not write in a room, or not watch it. Who may call: user. */
  RestrictionsResponse Restrictions(1: RestrictionsRequest request) throws (1: failure.Failure failure)

  /** An account may not write in a room for so many minutes. Who may call: user. */
  MuteInRoomResponse MuteInRoom(1: MuteInRoomRequest request) throws (1: failure.Failure failure)

  /** Ends the mute of an account in a room. Who may call: user. */
  UnmuteInRoomResponse UnmuteInRoom(1: UnmuteInRoomRequest request) throws (1: failure.Failure failure)

  /** An account leaves a room, and may neither watch it nor come back. Who may call: user. */
  BanFromRoomResponse BanFromRoom(1: BanFromRoomRequest request) throws (1: failure.Failure failure)

  /** Ends the ban of an account from a room. Who may call: user. */
  UnbanFromRoomResponse UnbanFromRoom(1: UnbanFromRoomRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RedeemTicketResponse RedeemTicket(1: RedeemTicketRequest request) throws (1: failure.Failure failure)

  /** Who may call: public. */
  AttendResponse Attend(1: AttendRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DismissedResponse Dismissed(1: DismissedRequest request) throws (1: failure.Failure failure)

  // Room is a stream of RoomResponse, which Thrift does not have.

  /** Who may call: service. */
  RoomAfterResponse RoomAfter(1: RoomAfterRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RecordedChatResponse RecordedChat(1: RecordedChatRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SignalResponse Signal(1: SignalRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  LikeRoomResponse LikeRoom(1: LikeRoomRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PresenceResponse Presence(1: PresenceRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DeliverResponse Deliver(1: DeliverRequest request) throws (1: failure.Failure failure)

  /** Makes a video of the last seconds of a live room of the caller, rounded to whole segments: a draft that plays immediately. Who may call: user. */
  CreateClipResponse CreateClip(1: CreateClipRequest request) throws (1: failure.Failure failure)

  /** The clips of a live room of the caller, the newest first. Who may call: user. */
  ClipsResponse Clips(1: ClipsRequest request) throws (1: failure.Failure failure)

  /** The guests of a live room: those whose streams are shown beside the one of its owner. Who may call: public. */
  GuestsResponse Guests(1: GuestsRequest request) throws (1: failure.Failure failure)

  /** Invites an account to be a guest of a live room of the caller; it accepts by publishing. Who may call: user. */
  InviteGuestResponse InviteGuest(1: InviteGuestRequest request) throws (1: failure.Failure failure)

  /** Removes a guest from a live room of the caller, or the caller from one: an invitation is declined by it. Who may call: user. */
  RemoveGuestResponse RemoveGuest(1: RemoveGuestRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  GuestsOfResponse GuestsOf(1: GuestsOfRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OwnRoomMessagesResponse OwnRoomMessages(1: OwnRoomMessagesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SentGiftsResponse SentGifts(1: SentGiftsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OwnMembershipsResponse OwnMemberships(1: OwnMembershipsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OwnOrdersResponse OwnOrders(1: OwnOrdersRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  OwnPurchasesResponse OwnPurchases(1: OwnPurchasesRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  PutGrantResponse PutGrant(1: PutGrantRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  MutedUsersResponse MutedUsers(1: MutedUsersRequest request) throws (1: failure.Failure failure)

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
