// Made by `npm run generate` from the contract of platformVideo.
namespace * api.video.v1

include "failure.thrift"

struct CreateVideoRequest {
  1: i64 media_id
  2: string title
  3: string description
  4: bool is_private
}

struct CreateVideoResponse_Video {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: i64 status
  6: bool is_public
  7: i64 duration_ms
  8: i64 width
  9: i64 height
  10: i64 created_at
  11: i64 published_at
}

struct CreateVideoResponse {
  1: i64 code
  2: string message
  3: optional CreateVideoResponse_Video video
}

struct GetVideoRequest {
  1: i64 video_id
}

struct GetVideoResponse_Video {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: i64 status
  6: bool is_public
  7: i64 duration_ms
  8: i64 width
  9: i64 height
  10: i64 created_at
  11: i64 published_at
}

struct GetVideoResponse {
  1: i64 code
  2: string message
  3: optional GetVideoResponse_Video video
}

struct UpdateVideoRequest {
  1: i64 video_id
  2: string title
  3: string description
}

struct UpdateVideoResponse_Video {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: i64 status
  6: bool is_public
  7: i64 duration_ms
  8: i64 width
  9: i64 height
  10: i64 created_at
  11: i64 published_at
}

struct UpdateVideoResponse {
  1: i64 code
  2: string message
  3: optional UpdateVideoResponse_Video video
}

struct DeleteVideoRequest {
  1: i64 video_id
}

struct DeleteVideoResponse {
  1: i64 code
  2: string message
}

struct GetUserVideosRequest {
  1: i64 user_id
  2: i64 limit
}

struct GetUserVideosResponse_Videos {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: i64 status
  6: bool is_public
  7: i64 duration_ms
  8: i64 width
  9: i64 height
  10: i64 created_at
  11: i64 published_at
}

struct GetUserVideosResponse {
  1: i64 code
  2: string message
  3: list<GetUserVideosResponse_Videos> videos
}

struct GetVideosByIDsRequest {
  1: list<i64> video_ids
}

struct GetVideosByIDsResponse_Videos {
  1: i64 id
  2: i64 user_id
  3: string title
  4: string description
  5: i64 status
  6: bool is_public
  7: i64 duration_ms
  8: i64 width
  9: i64 height
  10: i64 created_at
  11: i64 published_at
}

struct GetVideosByIDsResponse {
  1: i64 code
  2: string message
  3: list<GetVideosByIDsResponse_Videos> videos
}

service VideoService {
  /** Publishes a media object of the caller. Who may call: public. */
  CreateVideoResponse CreateVideo(1: CreateVideoRequest request) throws (1: failure.Failure failure)

  /** A video. Who may call: public. */
  GetVideoResponse GetVideo(1: GetVideoRequest request) throws (1: failure.Failure failure)

  /** Changes the caller's own video; empty fields keep their value. Who may call: public. */
  UpdateVideoResponse UpdateVideo(1: UpdateVideoRequest request) throws (1: failure.Failure failure)

  /** Deletes the caller's own video. Who may call: public. */
  DeleteVideoResponse DeleteVideo(1: DeleteVideoRequest request) throws (1: failure.Failure failure)

  /** The latest videos of a user, at most 100. Who may call: public. */
  GetUserVideosResponse GetUserVideos(1: GetUserVideosRequest request) throws (1: failure.Failure failure)

  /** Videos by their ids; those that the caller may not see are left out. Who may call: public. */
  GetVideosByIDsResponse GetVideosByIDs(1: GetVideosByIDsRequest request) throws (1: failure.Failure failure)
}
