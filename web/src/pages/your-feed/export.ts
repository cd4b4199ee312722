import { ask } from "#base/api/request/client.ts";

interface Page<Row> {
  readonly list: readonly Row[];
  readonly next_cursor: string | null;
}

/** The rows of all pages of a list, in its order. */
export async function allRows<Row>(pageAt: (cursor: string | null) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await pageAt(cursor);
    rows.push(...page.list);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return rows;
}

const page_size = 100;

/** Saves everything that shapes the viewer's feed as one file of JSON. */
export async function saveExport(now: Date): Promise<void> {
  const [settings, interests, mutes, signals] = await Promise.all([
    ask("recommend.feedSettings", {}),
    ask("recommend.interests", { query: { limit: 100 } }),
    allRows((cursor) => ask("recommend.mutes", { query: { cursor, page_size } })),
    allRows((cursor) => ask("recommend.signals", { query: { cursor, page_size } })),
  ]);
  const text = JSON.stringify(
    { exported_at: now.toISOString(), settings, interests: interests.list, mutes, signals },
    null,
    2,
  );
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `your-feed-${now.toISOString().slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
