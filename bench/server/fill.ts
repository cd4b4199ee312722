import { rows, services } from "../../test/instance/tables.ts";

interface Amount {
  readonly videos: number;
  readonly users: number;
  readonly likesPerVideo: number;
}

/**
 * Fills the tables of a running instance as years of use would. It makes accounts with sessions and profiles, files,
 * media with two renditions, and published videos in the feed. It also makes likes with their counts, and the rows that
 * a week leaves in the queues. The bytes behind the rows are not there.
 */
export async function fill(data: string, { videos, users, likesPerVideo }: Amount): Promise<void> {
  const now = Date.now();
  const owner = `1 + n % ${users}`;
  const key = (space: string, kind: string) => `'${space}/' || encode(sha256(('${kind}' || n)::bytea), 'hex')`;
  const all = `generate_series(1, ${videos}) AS n`;
  const everybody = `generate_series(1, ${users}) AS n`;
  const statements: Readonly<Record<string, readonly string[]>> = {
    auth: [
      `INSERT INTO credentials (user_id, username, name_key, password_hash, role, created_at_ms)
       SELECT n, 'person' || n, 'person' || n, repeat('x', 96), 'user', ${now} FROM ${everybody}`,
      `INSERT INTO sessions (id, user_id, refreshes, created_at_ms, used_at_ms, expires_at_ms)
       SELECT 'session' || n, n, 0, ${now}, ${now}, ${now + 30 * 86_400_000} FROM ${everybody}`,
    ],
    user: [
      `INSERT INTO users (id, username, created_at_ms) SELECT n, 'person' || n, ${now} FROM ${everybody}`,
      `INSERT INTO user_profiles (user_id, nickname) SELECT n, 'Person ' || n FROM ${everybody}`,
    ],
    upload: [
      `INSERT INTO spaces (user_id) SELECT n FROM ${everybody}`,
      `INSERT INTO files (id, user_id, key, sha256, size_bytes, name, mime, kind, created_at_ms)
       SELECT n, ${owner}, ${key("upload", "file")}, encode(sha256(('file' || n)::bytea), 'hex'), 5000000,
              'clip.mp4', 'video/mp4', 'video', ${now} FROM ${all}`,
    ],
    media: [
      `INSERT INTO media (id, user_id, file_id, source_key, sha256, size_bytes, name, mime, kind, purpose, status, width,
                          height, duration_ms, fps, audio_key, audio_bytes, audio_index_key, cover_key, cover_bytes, created_at_ms)
       SELECT n, ${owner}, n, ${key("upload", "file")}, encode(sha256(('file' || n)::bytea), 'hex'), 5000000, 'clip.mp4',
              'video/mp4', 'video', 'video', 'ready', 1280, 720, 30000, 30, ${key("media", "sound")}, 500000,
              ${key("media", "sound index")}, ${key("media", "cover")}, 50000, ${now} FROM ${all}`,
      `INSERT INTO renditions (media_id, profile, width, height, bitrate_bps, fps, key, size_bytes, index_key)
       SELECT n, profile, 1280, 720, 1300000, 30, ${key("media", "picture")} || profile, 4000000,
              ${key("media", "index")} || profile FROM ${all}, unnest(ARRAY['480p', '720p']) AS profile`,
      `INSERT INTO media_objects (key, media_id)
       SELECT key, media_id FROM renditions UNION SELECT index_key, media_id FROM renditions
       UNION SELECT cover_key, id FROM media UNION SELECT audio_key, id FROM media UNION SELECT audio_index_key, id FROM media`,
      `INSERT INTO transcode_tasks (id, media_id, status, progress, created_at_ms)
       SELECT n, n, 'completed', 100, ${now} FROM ${all}`,
    ],
    video: [
      `INSERT INTO media_states (media_id, state, width, height, duration_ms, size_bytes, has_cover)
       SELECT n, 'ready', 1280, 720, 30000, 5000000, true FROM ${all}`,
      `INSERT INTO videos (id, user_id, media_id, title, description, cover_url, tags, hashtags, visibility, status,
                           allow_comment, allow_download, created_at_ms, published_at_ms)
       SELECT n, ${owner}, n, 'Video ' || n, repeat('words ', 20), '', '{sea,sun}', '{}', 'public', 1, true, true, ${now}, ${now}
       FROM ${all}`,
    ],
    interaction: [
      `INSERT INTO likes (video_id, user_id, author_id, created_at_ms)
       SELECT n, 1 + (n + turn * 7) % ${users}, ${owner}, ${now} FROM ${all}, generate_series(1, ${likesPerVideo}) AS turn`,
      `INSERT INTO video_counts (video_id, like_count, play_count)
       SELECT video_id, count(*), 100 FROM likes GROUP BY video_id`,
      "INSERT INTO author_counts (user_id, like_count) SELECT author_id, count(*) FROM likes GROUP BY author_id",
    ],
    recommend: [
      `INSERT INTO candidates (video_id, user_id, published_at_ms, version, is_visible)
       SELECT n, ${owner}, ${now}, 1, true FROM ${all}`,
    ],
  };
  // A week of a tenth of the videos: rows that stay of consumed events and finished jobs.
  const weekly = [
    `INSERT INTO inbox (event_id) SELECT 'event' || n FROM generate_series(1, ${videos / 10}) AS n`,
    `INSERT INTO jobs (id, kind, unique_key, payload, state, attempt, attempts_max, due_ms, trace_id, created_at_ms, ended_at_ms)
     SELECT n, 'past', n::text, '{}', 'done', 1, 3, 0, '', ${now}, ${now} FROM generate_series(1, ${videos / 10}) AS n`,
  ];
  for (const service of await services(data))
    for (const statement of [...(statements[service] ?? []), ...weekly, "ANALYZE"])
      await rows(data, service, statement);
  await rows(data, "postgres", "CHECKPOINT");
}
