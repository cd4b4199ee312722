import { videoPublished } from "#events/video";
import { type Host, on, plugin, query, service } from "#kernel";
import { sql } from "kysely";
import { z } from "zod";

/*
 * A service of an operator's own: how many videos were published on each day.
 *
 *   KINORA_PLUGINS=./examples/plugins/daily-videos.ts npm start
 *   curl http://localhost:8080/api/v1/plugins/dailyvideos/days
 *
 * docs/plugins.md explains each part.
 */

/** The oldest version of Kinora that it works with. */
export const requires = "0.1";

interface Tables {
  "dailyvideos.days": { day: string; videos: number };
}

const daysMax = 366;

const dailyvideos = service("dailyvideos", 1, {
  days: query({
    http: "GET /api/v1/plugins/dailyvideos/days",
    scope: "videos:read",
    auth: "public",
    summary: "How many videos were published on each day, by UTC, the latest first.",
    input: z.object({}),
    output: z.object({
      items: z.array(z.object({ day: z.iso.date(), videos: z.int() })),
    }),
  }),
});

export default plugin({
  contract: dailyvideos,
  needs: [],
  migrations: ["CREATE TABLE dailyvideos.days (day TEXT PRIMARY KEY, videos INTEGER NOT NULL)"],
  start: ({ db }: Host<Tables>) => ({
    handlers: {
      days: async () => ({
        items: await db
          .selectFrom("dailyvideos.days")
          .select(["day", "videos"])
          .orderBy("day", "desc")
          .limit(daysMax)
          .execute(),
      }),
    },
    subscriptions: [
      on(videoPublished, async (tx, { publishedAtMs }) => {
        const day = new Date(publishedAtMs).toISOString().slice(0, 10);
        await sql`
          INSERT INTO dailyvideos.days AS stored VALUES (${day}, 1)
          ON CONFLICT (day) DO UPDATE SET videos = stored.videos + 1`.execute(tx);
      }),
    ],
  }),
});
