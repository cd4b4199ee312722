import type { Id } from "#kernel";
import type { ServedModel } from "../model/served-model.ts";
import type { Learner } from "./learner.ts";

/** Co-visits by which they count as much as the model; with more of them the model counts less. */
const confidentVisits = 20;

interface NeighbourParts {
  readonly learner: Learner;
  readonly model: ServedModel | undefined;
  readonly nowMs: number;
  /** Co-visits that weigh less are left out: what a single user watched is shown to no other. */
  readonly visitsMin?: number;
}

/** Videos that go with one, from co-visits and the model's table: a score up to 1 for each, in no order. Pure. */
export function* neighboursOf(
  videoId: Id,
  { learner, model, nowMs, visitsMin = 0 }: NeighbourParts,
): Iterable<readonly [videoId: Id, score: number]> {
  const visits = learner.coVisitsOf(videoId, nowMs);
  let [sum, best] = [0, 0];
  for (const visited of visits?.weights.values() ?? []) {
    sum += visited;
    best = Math.max(best, visited);
  }
  const total = sum * (visits?.factor ?? 0);
  const confidence = model === undefined ? 1 : total / (total + confidentVisits);
  for (const [other, visited] of visits?.weights ?? [])
    if (visited * (visits?.factor ?? 0) >= visitsMin) yield [other, (confidence * visited) / best];
  for (const [other, score] of model?.neighbours(videoId) ?? []) yield [other, (1 - confidence) * score];
}
