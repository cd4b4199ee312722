import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Contract, type Id, newCall } from "#kernel";
import { streaming } from "#services/streaming/contract";
import { user } from "#services/user/contract";
import type { Video } from "#services/video/contract";
import { showing } from "./showing.ts";

describe("videos as this API shows them", () => {
  it("have each their own addresses, however many they are and in whatever order those are told", async () => {
    const rows = Array.from({ length: 450 }, (_, n) => row(n + 1, { isMine: true, status: n % 2 }));
    const shown = await showing(client, "https://v.example", newCall({ userId: 1 })).videos(rows);
    assert.deepEqual(
      shown.map(({ id, play_url, cover_url }) => [id, play_url, cover_url]),
      rows.map(({ id, mediaId, status }) => [
        id,
        `https://v.example/${status === 1 ? `video/${id}` : `media/${mediaId}`}/source`,
        `https://v.example/video/${id}/cover.jpg`,
      ]),
    );
  });

  it("play as their playlist where the original is not given away", async () => {
    const [shown] = await showing(client, "https://v.example", newCall()).videos([row(7, { allowDownload: false })]);
    assert.equal(shown?.play_url, "https://v.example/video/7/master.m3u8");
  });
});

/** Media objects have the numbers of other videos: services number alone. */
function row(id: Id, given: Partial<Video>): Video {
  const known = { id, userId: 1, mediaId: 451 - id, title: "", coverUrl: "", coverMediaId: null, generation: 0 };
  const seen = {
    visibility: "public",
    status: 1,
    hasCover: true,
    allowDownload: true,
    isMine: false,
    isGranted: false,
  };
  return { ...known, ...seen, ...given } as Video; // What showing looks at.
}

interface Asked {
  readonly scope: string;
  readonly id: Id;
  readonly isPlayable: boolean;
  readonly allowDownload: boolean;
}
const items = async () => ({ items: [] });
const answers = new Map<Contract, object>([
  [
    streaming,
    {
      async links({ items: asked }: { items: Asked[] }) {
        assert.ok(asked.length <= 200, `${asked.length} are more than one query answers`);
        const told = asked.map(({ scope, id, isPlayable, allowDownload }) => ({
          id,
          hlsUrl: isPlayable ? `/${scope}/${id}/master.m3u8` : "",
          downloadUrl: (isPlayable || scope === "media") && allowDownload ? `/${scope}/${id}/source` : null,
          coverUrl: `/${scope}/${id}/cover.jpg`,
        }));
        return { items: told.toReversed() };
      },
    },
  ],
  [user, { cards: async ({ ids }: { ids: Id[] }) => ({ items: ids.map((id) => ({ id, username: "u", bio: "" })) }) }],
]);
const others = { followed: async () => ({ userIds: [] }), counts: items, authorCounts: items, states: items };
const client = (contract: Contract) => (answers.get(contract) ?? others) as never; // Asked for nothing else.
