import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Contract, type Id, newCall } from "#kernel";
import { ServiceUnavailable } from "#kernel/errors";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { streaming } from "#services/streaming/contract";
import { user } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import { publishedBefore } from "./feed.ts";
import { Presenter } from "./presenter.ts";

describe("the presenter of videos", () => {
  it("gives each of 450 videos its own URLs, for answers in any order", async () => {
    const rows = Array.from({ length: 450 }, (_, n) => row(n + 1, { isMine: true, status: n % 2 }));
    const presented = await new Presenter(client, "https://v.example", newCall({ userId: 1 })).videos(rows);
    assert.deepEqual(
      presented.map(({ id, play_url, cover_url }) => [id, play_url, cover_url]),
      rows.map(({ id, mediaId, status }) => [
        id,
        `https://v.example/${status === 1 ? `video/${id}` : `media/${mediaId}`}/source`,
        `https://v.example/video/${id}/cover.jpg`,
      ]),
    );
  });

  it("links the HLS playlist where downloads are disabled", async () => {
    const [presented] = await new Presenter(client, "https://v.example", newCall()).videos([
      row(7, { allowDownload: false }),
    ]);
    assert.equal(presented?.play_url, "https://v.example/video/7/master.m3u8");
  });
});

describe("while a service is away", () => {
  it("the presenter leaves out what that service knows", async () => {
    const away = (contract: Contract) =>
      contract === relation || contract === interaction || contract === streaming ? absent : client(contract);
    const [presented] = await new Presenter(away, "https://v.example", newCall()).videos([row(7, {})]);
    assert.partialDeepStrictEqual(presented, {
      id: 7,
      author: { name: "u", follow_count: 0 },
      favorite_count: 0,
      cover_url: "https://v.example/douyin/cover.png",
    });
  });

  it("the feed has the newest videos before a time instead of those of recommend", async () => {
    const asked: object[] = [];
    const items = [{ videoId: 3, publishedAtMs: 900 }];
    const catalogue = {
      async newest(input: object) {
        asked.push(input);
        return { items };
      },
    } as never; // The feed calls no other method.
    const away = (contract: Contract) => (contract === video ? catalogue : absent);
    assert.deepEqual(await publishedBefore(away, 1_000, newCall()), items);
    assert.deepEqual(await publishedBefore(away, undefined, newCall()), items);
    assert.deepEqual(asked, [{ limit: 30, after: { publishedAtMs: 1_000, videoId: 1 } }, { limit: 30 }]);
  });
});

/** A client of a service that no process answers for. */
const absent = new Proxy(
  {},
  {
    get: () => async () => {
      throw ServiceUnavailable({ service: "test" });
    },
  },
) as never; // It has every method.

/** Media objects have the ids of other videos: each service assigns its own. */
function row(id: Id, changes: Partial<Video>): Video {
  const content = { id, userId: 1, mediaId: 451 - id, title: "", coverUrl: "", coverMediaId: null, generation: 0 };
  const access = {
    visibility: "public",
    status: 1,
    hasCover: true,
    allowDownload: true,
    isMine: false,
    isGranted: false,
  };
  return { ...content, ...access, ...changes } as Video; // All that the presenter reads.
}

interface LinkInput {
  readonly scope: string;
  readonly id: Id;
  readonly isPlayable: boolean;
  readonly allowDownload: boolean;
}
const noItems = async () => ({ items: [] });
const answers = new Map<Contract, object>([
  [
    streaming,
    {
      async links({ items: inputs }: { items: LinkInput[] }) {
        assert.ok(inputs.length <= 200, `${inputs.length} are more than one query answers`);
        const links = inputs.map(({ scope, id, isPlayable, allowDownload }) => ({
          id,
          hlsUrl: isPlayable ? `/${scope}/${id}/master.m3u8` : "",
          downloadUrl: (isPlayable || scope === "media") && allowDownload ? `/${scope}/${id}/source` : null,
          coverUrl: `/${scope}/${id}/cover.jpg`,
        }));
        return { items: links.toReversed() };
      },
    },
  ],
  [user, { cards: async ({ ids }: { ids: Id[] }) => ({ items: ids.map((id) => ({ id, username: "u", bio: "" })) }) }],
]);
const others = { followed: async () => ({ userIds: [] }), counts: noItems, authorCounts: noItems, states: noItems };
const client = (contract: Contract) => (answers.get(contract) ?? others) as never; // The presenter calls no other methods.
