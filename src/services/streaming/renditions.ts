import type { z } from "zod";
import type { Playable } from "#services/media/contract";

/** Also those that players have begun with and no manifest lists any more. */
export const allRenditions = ({ renditions, formerRenditions }: z.output<typeof Playable>) => [
  ...renditions,
  ...formerRenditions,
];
