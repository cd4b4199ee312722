import type { Host } from "#kernel";
import { xorshift } from "../model/trained-model.ts";

/** Numbers from 0 to 1 without it, for one page; the host gives where they begin. */
export const createDraws = (random: Host["random"]): (() => number) => xorshift(random(4).readInt32LE());
