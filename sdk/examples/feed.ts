/* Pages through the latest public videos by cursor, as a visitor: node sdk/examples/feed.ts URL [PAGE_SIZE] */
import { Kinora, type ListedVideo } from "@kinora/client";

const [baseUrl = "", pageSize = "20"] = process.argv.slice(2);
const kinora = new Kinora({ baseUrl });

/** Each video once, page after page. */
async function* latestVideos(): AsyncGenerator<ListedVideo> {
  let cursor: string | null = null;
  do {
    const query: { sort: "latest"; page_size: number; cursor: string | null } = {
      sort: "latest",
      page_size: Number(pageSize),
      cursor,
    };
    const { list, next_cursor } = await kinora.ask("recommend.videos", { query });
    yield* list;
    cursor = next_cursor;
  } while (cursor !== null);
}

for await (const { id, title, user } of latestVideos()) console.log(`${id} ${title}, by ${user.nickname}`);
