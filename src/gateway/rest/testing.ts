import { contract, plugin } from "#kernel";
import { media } from "#services/media/contract";
import type { z } from "zod";

type Brief = z.output<typeof media.methods.briefs.output>["items"][number];

/** The media service with an object of every number, which can be played; `factsOf` says whose each is, and what else is of it. */
export const mediaFake = (factsOf: (mediaId: number) => Partial<Brief> & Pick<Brief, "userId">) =>
  plugin({
    contract: contract("media", 1, { briefs: media.methods.briefs }),
    needs: [],
    migrations: [],
    start: () => ({
      handlers: {
        briefs: async ({ ids }) => ({
          items: ids.map((id) => ({
            id,
            kind: "video" as const,
            status: "ready" as const,
            statusReason: null,
            width: 640,
            height: 360,
            durationMs: 6_000,
            sizeBytes: 1_000,
            hasCover: false,
            thumb: null,
            gainDb: 0,
            hasStoryboard: false,
            hasPreview: false,
            hasWaveform: false,
            ...factsOf(id),
          })),
        }),
      },
    }),
  });
