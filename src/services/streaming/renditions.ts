import type { z } from "zod";
import type { Playable } from "#services/media/contract";

/** All renditions, also former ones, which no manifest lists but players may still read. */
export const allRenditions = ({ renditions, formerRenditions }: z.output<typeof Playable>) => [
  ...renditions,
  ...formerRenditions,
];
