import type pg from "pg";
import { chinese, latin, title } from "../words.ts";

interface Amount {
  readonly videos: number;
  readonly users: number;
  readonly interactions: number;
  /** The users who will ask: they follow, block and like things. */
  readonly callers: readonly number[];
}

/** The things that a benchmark asks for, each about as often as another. */
export interface Filled {
  /** With more than a page of videos. */
  readonly authors: readonly number[];
  readonly hashtags: readonly number[];
  readonly videos: readonly number[];
  /** Enough that nobody likes one twice. */
  readonly likeable: readonly number[];
  /** With more than a page of comments. */
  readonly discussed: readonly number[];
  readonly rows: number;
}

type Open = (service: string) => Promise<pg.Client>;

/* Ids as long as those that services give, in the order of their age. */
const userId = (n: string) => `(120000000000000 + (${n})::bigint * 65536)`;
const mediaId = (n: string) => `(140000000000000 + (${n})::bigint * 65536)`;
const videoId = (n: string) => `(150000000000000 + (${n})::bigint * 65536)`;
const commentId = (n: string) => `(160000000000000 + (${n})::bigint * 1024)`;
const hashtagId = (n: string) => `(110000000000000 + (${n})::bigint * 65536)`;
const startMs = 1_790_000_000_000;

const golden = 0.618_033_988_749_894_9;
const plastic = 0.754_877_666_246_692_7;
const silver = 0.414_213_562_373_095;
/** From 1 to `size`, the same for every `n` on every machine, lower ones more often: the first about √size times the average. */
const among = (size: number, n: string, by: number) =>
  `(1 + floor(${size} * power((${n})::float8 * ${by} - floor((${n})::float8 * ${by}), 2)))::bigint`;

/** Two of fifty videos are for followers, one is private and one unlisted; the rest are for everybody. */
const visibility = `CASE n % 50 WHEN 10 THEN 'private' WHEN 11 THEN 'unlisted' WHEN 12 THEN 'followers' WHEN 13 THEN 'followers' ELSE 'public' END`;
/** The next one that is for everybody. */
const open = (n: string) =>
  `(SELECT CASE WHEN v % 50 BETWEEN 10 AND 13 THEN v + 5 ELSE v END FROM (SELECT ${n} AS v) AS v)`;
const authorsShare = 20;
const hashtagsMax = 200;

/**
 * Fills the tables of a running instance as its services would have, by the use of years: videos with media, people who
 * follow and block each other, likes, favourites, comments with answers, and how far was watched. The same every time;
 * every count is that of its rows.
 */
export async function fillSocial(connect: Open, amount: Amount): Promise<Filled> {
  const terms = termsOf(amount);
  const statements: Readonly<Record<string, readonly Statement[]>> = {
    user: userRows(terms),
    media: mediaRows(terms),
    video: videoRows(terms),
    hashtag: hashtagRows(terms),
    recommend: recommendRows(terms),
    relation: relationRows(terms),
    interaction: interactionRows(terms),
  };
  for (const [service, some] of Object.entries(statements)) {
    const client = await connect(service);
    for (const statement of some) {
      const [text, values] = typeof statement === "string" ? [statement, []] : statement;
      await client.query(text, values);
    }
    await client.query("VACUUM ANALYZE");
    await client.query("CHECKPOINT");
    await client.end();
  }
  return readFilled(connect);
}

/** A statement, alone or with its values. */
type Statement = string | readonly [text: string, values: unknown[]];
type Terms = ReturnType<typeof termsOf>;

/** The common terms of several services' statements, as SQL. */
function termsOf({ videos, users, interactions, callers }: Amount) {
  const titles = Array.from({ length: 2_000 }, (_, n) => title(n));
  const texts = Array.from({ length: 1_000 }, (_, n) => (n % 2 === 0 ? latin(20) : chinese(60)));
  const said = Array.from({ length: 1_000 }, (_, n) => (n % 2 === 0 ? latin(8) : chinese(20)));
  const share = (percent: number) => Math.round((interactions * percent) / 100);
  const writers = Math.floor(users / authorsShare);
  const author = (n: string) => userId(`${authorsShare} * ${among(writers, n, golden)}`);
  const all = `generate_series(1, ${videos}) AS n`;
  const key = (kind: string) => `'${kind}/' || encode(sha256(('${kind}' || n)::bytea), 'hex')`;
  const tops = share(8);
  const answers = share(2);
  const asking = `unnest('{${callers.join()}}'::bigint[]) WITH ORDINALITY AS caller (id, turn)`;
  return { videos, users, callers, titles, texts, said, share, writers, author, all, key, tops, answers, asking };
}

const userRows = ({ titles, users }: Terms): Statement[] => [
  `INSERT INTO users (id, username, created_at_ms) SELECT ${userId("n")}, 'person' || n, ${startMs} FROM generate_series(1, ${users}) AS n`,
  [
    `INSERT INTO user_profiles (user_id, nickname, avatar, introduction)
     SELECT ${userId("n")}, left(($1::text[])[1 + n % 2000], 30), '/api/v1/media/' || ${mediaId("n")} || '/picture', left(($1::text[])[1 + n * 7 % 2000], 60)
     FROM generate_series(1, ${users}) AS n`,
    [titles],
  ],
];

const mediaRows = ({ author, all, key }: Terms): Statement[] => [
  `INSERT INTO media (id, user_id, file_id, source_key, sha256, size_bytes, name, mime, kind, purpose, status, width,
                      height, duration_ms, fps, cover_key, cover_bytes, thumb, loudness, created_at_ms)
   SELECT ${mediaId("n")}, ${author("n")}, n, ${key("upload")}, encode(sha256(n::text::bytea), 'hex'), 5000000, 'clip.mp4',
          'video/mp4', 'video', 'video', 'ready', 1280, 720, 30000, 30, ${key("cover")}, 50000,
          encode(substring(sha256(n::text::bytea) FOR 24), 'base64'), '{"integratedLufs":-20.5,"truePeakDbtp":-3.1,"rangeLu":6}', ${startMs} + n
   FROM ${all}`,
  `INSERT INTO renditions (media_id, profile, width, height, bitrate_bps, fps, key, size_bytes, index_key)
   SELECT ${mediaId("n")}, profile, 1280, 720, 1300000, 30, ${key("video")} || profile, 4000000, ${key("index")} || profile
   FROM ${all}, unnest(ARRAY['480p', '720p']) AS profile`,
  `INSERT INTO extras (media_id, name, mime, key, size_bytes)
   SELECT ${mediaId("n")}, name, mime, ${key("extra")} || name, 20000
   FROM ${all}, (VALUES ('preview.avif', 'image/avif'), ('waveform.json', 'application/json'), ('storyboard-1.jpg', 'image/jpeg')) AS e (name, mime)`,
];

const videoRows = ({ titles, texts, author, all }: Terms): Statement[] => [
  `INSERT INTO media_states (media_id, state, width, height, duration_ms, size_bytes, has_cover)
   SELECT ${mediaId("n")}, 'ready', 1280, 720, 30000, 5000000, true FROM ${all}`,
  [
    `INSERT INTO videos (id, user_id, media_id, title, description, cover_url, category_id, tags, hashtags, visibility,
                         status, allow_comment, allow_download, created_at_ms, published_at_ms)
     SELECT ${videoId("n")}, ${author("n")}, ${mediaId("n")}, ($1::text[])[1 + n % 2000], ($2::text[])[1 + n % 1000], '',
            1 + n % 9, '{sea,sun}', ARRAY['tag' || ${among(hashtagsMax, "n", plastic)}], ${visibility}, 1, true, true,
            ${startMs} + n::bigint * 60000, ${startMs} + n::bigint * 60000 FROM ${all}`,
    [titles, texts],
  ],
];

const hashtagRows = ({ all }: Terms): Statement[] => [
  `INSERT INTO hashtags (id, key, name, created_at_ms) SELECT ${hashtagId("n")}, 'tag' || n, 'tag' || n, ${startMs} FROM generate_series(1, ${hashtagsMax}) AS n`,
  `INSERT INTO video_copies (video_id, version, published_at_ms, view_count, hot_score)
   SELECT ${videoId("n")}, 1, ${startMs} + n::bigint * 60000, n % 500, n FROM ${all} WHERE ${visibility} = 'public'`,
  `INSERT INTO video_hashtags (hashtag_id, video_id, hot_score, published_at_ms)
   SELECT ${hashtagId(among(hashtagsMax, "n", plastic))}, ${videoId("n")}, n, ${startMs} + n::bigint * 60000 FROM ${all}
   WHERE ${visibility} = 'public'`,
  `UPDATE hashtags SET video_count = t.videos, view_count = t.views, hot_score = t.hot_score FROM (
     SELECT hashtag_id, count(*) AS videos, sum(view_count)::bigint AS views, max(l.hot_score) AS hot_score
     FROM video_hashtags l JOIN video_copies USING (video_id) GROUP BY hashtag_id) AS t WHERE id = hashtag_id`,
];

const recommendRows = ({ author, all }: Terms): Statement[] => [
  `INSERT INTO candidates (video_id, user_id, published_at_ms, version, is_visible)
   SELECT ${videoId("n")}, ${author("n")}, ${startMs} + n::bigint * 60000, 1, ${visibility} = 'public' FROM ${all}`,
];

const relationRows = ({ share, asking, users, callers }: Terms): Statement[] => [
  `INSERT INTO follows (id, user_id, target_id, created_at_ms)
   SELECT row_number() OVER (), user_id, target_id, ${startMs} FROM (
     SELECT DISTINCT ${userId(`1 + n % ${users}`)} AS user_id, ${userId(among(users, "n", silver))} AS target_id
     FROM generate_series(1, ${share(10)}) AS n
     UNION SELECT id, ${userId(`1 + (turn * 17 + n * 20) % ${users}`)} FROM ${asking}, generate_series(1, 150) AS n
   ) AS pairs WHERE user_id <> target_id ORDER BY user_id, target_id`,
  `DELETE FROM follows WHERE user_id = ANY('{${callers.join()}}'::bigint[]) AND id % 13 = 0`,
  `UPDATE follows f SET mutual_id = greatest(f.id, g.id) FROM follows g WHERE g.user_id = f.target_id AND g.target_id = f.user_id`,
  `INSERT INTO blocks (id, user_id, target_id, created_at_ms)
   SELECT row_number() OVER (), user_id, target_id, ${startMs} FROM (
     SELECT id AS user_id, ${userId(`1 + (turn * 31 + n * 37) % ${users}`)} AS target_id FROM ${asking}, generate_series(1, 40) AS n
     UNION SELECT ${userId(`1 + (turn * 41 + n * 43) % ${users}`)}, id FROM ${asking}, generate_series(1, 10) AS n
   ) AS pairs
   WHERE NOT EXISTS (SELECT FROM follows f WHERE (f.user_id, f.target_id) IN ((pairs.user_id, pairs.target_id), (pairs.target_id, pairs.user_id)))
   ORDER BY user_id, target_id`,
  `INSERT INTO user_counts (user_id, follow_count, follower_count, friend_count)
   SELECT id, sum(given), sum(received), sum(mutual) FROM (
     SELECT user_id AS id, 1 AS given, 0 AS received, (mutual_id IS NOT NULL)::integer AS mutual FROM follows
     UNION ALL SELECT target_id, 0, 1, 0 FROM follows) AS one GROUP BY id`,
];

const interactionRows = ({ said, share, author, all, tops, answers, asking, videos, users }: Terms): Statement[] => [
  `INSERT INTO video_copies (video_id, author_id, visibility, is_published, version)
   SELECT ${videoId("n")}, ${author("n")}, ${visibility}, true, 1 FROM ${all}`,
  `INSERT INTO likes (video_id, user_id, author_id, created_at_ms)
   SELECT ${videoId("v")}, user_id, ${author("v")}, ${startMs} + min(n) FROM (
     SELECT ${open(among(videos, "n", golden))} AS v, ${userId(`1 + n % ${users}`)} AS user_id, n FROM generate_series(1, ${share(51)}) AS n
     UNION ALL SELECT ${open(among(videos, "n * 3 + turn * 7", silver))}, id, n FROM ${asking}, generate_series(1, 500) AS n
   ) AS given GROUP BY v, user_id ORDER BY 1, 2`,
  `INSERT INTO favorites (user_id, video_id, created_at_ms)
   SELECT user_id, ${videoId("v")}, ${startMs} + min(n) FROM (
     SELECT ${open(among(videos, "n", plastic))} AS v, ${userId(`1 + n * 3 % ${users}`)} AS user_id, n FROM generate_series(1, ${share(10)}) AS n
     UNION ALL SELECT ${open(among(videos, "n * 5 + turn * 3", silver))}, id, n FROM ${asking}, generate_series(1, 100) AS n
   ) AS given GROUP BY v, user_id ORDER BY 1, 2`,
  `INSERT INTO watches (user_id, video_id, position_ms, duration_ms, is_finished, watched_at_ms)
   SELECT user_id, ${videoId("v")}, min(n) % 30000, 30000, min(n) % 3 = 0, ${startMs} + min(n) FROM (
     SELECT ${open(among(videos, "n", silver))} AS v, ${userId(`1 + n * 7 % ${users}`)} AS user_id, n FROM generate_series(1, ${share(14)}) AS n
     UNION ALL SELECT ${open(among(videos, "n * 11 + turn", golden))}, id, n FROM ${asking}, generate_series(1, 300) AS n
   ) AS given GROUP BY v, user_id ORDER BY 1, 2`,
  `INSERT INTO comment_likes (comment_id, user_id, created_at_ms)
   SELECT comment_id, user_id, ${startMs} FROM (
     SELECT ${commentId(among(tops, "n", plastic))} AS comment_id, ${userId(`1 + n * 11 % ${users}`)} AS user_id FROM generate_series(1, ${share(5)}) AS n
     UNION SELECT ${commentId(`(n * 97 + turn) % ${tops}`)}, id FROM ${asking}, generate_series(1, 800) AS n
   ) AS given WHERE comment_id > ${commentId("0")} GROUP BY 1, 2 ORDER BY 1, 2`,
  [
    `INSERT INTO comments (id, video_id, video_author_id, user_id, parent_id, root_id, reply_to_user_id, content, like_count, reply_count, created_at_ms)
     SELECT ${commentId("n")}, ${videoId("v")}, ${author("v")}, ${userId("u")},
            ${commentId("root")}, ${commentId("root")}, ${userId(`1 + root * 7919 % ${users}`)}, ($1::text[])[1 + n % 1000],
            coalesce(l.likes, 0), coalesce(r.replies, 0), ${startMs} + n::bigint * 1000
     FROM (
       SELECT n, 1 + n::bigint * 7919 % ${users} AS u, root, ${open(among(videos, "coalesce(root, n)", plastic))} AS v FROM (
         SELECT n, CASE WHEN n > ${tops} THEN ${among(tops, "n", golden)} END AS root FROM generate_series(1, ${tops + answers}) AS n
       ) AS one) AS c
     LEFT JOIN (SELECT comment_id, count(*) AS likes FROM comment_likes GROUP BY 1) AS l ON l.comment_id = ${commentId("n")}
     LEFT JOIN (SELECT ${among(tops, "n", golden)} AS top, count(*) AS replies FROM generate_series(${tops + 1}, ${tops + answers}) AS n GROUP BY 1) AS r ON r.top = n
     ORDER BY n`,
    [said],
  ],
  `INSERT INTO video_counts (video_id, like_count, favorite_count, comment_count, play_count)
   SELECT video_id, sum(likes), sum(kept), sum(said), sum(likes) * 9 FROM (
     SELECT video_id, 1 AS likes, 0 AS kept, 0 AS said FROM likes UNION ALL SELECT video_id, 0, 1, 0 FROM favorites
     UNION ALL SELECT video_id, 0, 0, 1 FROM comments) AS one GROUP BY video_id`,
  `INSERT INTO video_days (video_id, day, like_count)
   SELECT video_id, created_at_ms / 86400000, count(*) FROM likes GROUP BY 1, 2`,
  `INSERT INTO author_counts (user_id, like_count, liked_count, favorite_count)
   SELECT id, sum(received), sum(given), sum(kept) FROM (
     SELECT author_id AS id, 1 AS received, 0 AS given, 0 AS kept FROM likes UNION ALL SELECT user_id, 0, 1, 0 FROM likes
     UNION ALL SELECT user_id, 0, 0, 1 FROM favorites) AS one GROUP BY id`,
];

async function readFilled(connect: Open): Promise<Filled> {
  const idsOf = async (service: string, text: string) => {
    const client = await connect(service);
    const { rows } = await client.query<{ id: string }>(text);
    await client.end();
    return rows.map(({ id }) => Number(id));
  };
  const rows = await Promise.all(
    (
      [
        ["relation", "follows"],
        ["interaction", "likes"],
        ["interaction", "favorites"],
        ["interaction", "watches"],
        ["interaction", "comments"],
        ["interaction", "comment_likes"],
      ] as const
    ).map(([service, table]) => idsOf(service, `SELECT count(*) AS id FROM ${table}`)),
  );
  return {
    authors: await idsOf(
      "video",
      `SELECT user_id AS id FROM videos WHERE visibility = 'public' GROUP BY 1 HAVING count(*) > 20 ORDER BY user_id % 9973, 1 LIMIT 100`,
    ),
    hashtags: await idsOf("hashtag", "SELECT id FROM hashtags WHERE video_count > 20 ORDER BY id % 9973, id"),
    videos: await idsOf("video", "SELECT id FROM videos WHERE visibility = 'public' ORDER BY id % 9973, id LIMIT 2000"),
    likeable: await idsOf(
      "video",
      "SELECT id FROM videos WHERE visibility = 'public' ORDER BY id % 9973, id LIMIT 5000",
    ),
    discussed: await idsOf(
      "interaction",
      "SELECT video_id AS id FROM comments WHERE root_id IS NULL GROUP BY 1 HAVING count(*) > 20 ORDER BY video_id % 9973, 1 LIMIT 1000",
    ),
    rows: rows.flat().reduce((sum, count) => sum + count, 0),
  };
}
