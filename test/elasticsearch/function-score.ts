import type { Evaluation, Matches } from "./matches.ts";
import { listOf, numberOf, objectOf, onlyEntry, Refusal, textOf } from "./refusal.ts";

/** The score of a query, times the sum of functions. */
export function functionScore(body: unknown, evaluation: Evaluation): Matches {
  const keys = ["query", "functions", "score_mode", "boost_mode"];
  const { query, functions, score_mode: mode, boost_mode: boost } = objectOf(body, keys, "function_score");
  if (mode !== "sum" || boost !== "multiply") throw new Refusal(400, "parsing_exception", "[function_score] modes");
  const all = listOf(functions, "functions").map((one) => functionOf(one, evaluation));
  return new Map(
    [...evaluation.of(query)].map(([document, score]) => [
      document,
      score * all.reduce((sum, compute) => sum + compute(document), 0),
    ]),
  );
}

function functionOf(value: unknown, evaluation: Evaluation): (document: number) => number {
  const { weight = 1, ...rest } = objectOf(value, ["weight", "field_value_factor", "exp"], "function");
  const times = numberOf(weight, "weight");
  if (Object.keys(rest).length === 0) return () => times;
  const [name, body] = onlyEntry(rest, "function");
  const compute = name === "exp" ? decay(body, evaluation) : valueFactor(body, evaluation);
  return (document) => times * compute(document);
}

function valueFactor(body: unknown, evaluation: Evaluation): (document: number) => number {
  const { field, modifier, missing } = objectOf(body, ["field", "modifier", "missing"], "field_value_factor");
  if (modifier !== "ln1p") throw new Refusal(400, "parsing_exception", `modifier [${String(modifier)}]`);
  const name = evaluation.fieldOf(textOf(field, "field"), "long");
  return (document) => {
    const [stored] = evaluation.values(document, name);
    const score = Math.log1p(numberOf(stored ?? missing, name));
    if (!(score >= 0))
      throw new Refusal(400, "illegal_argument_exception", "field value function must not produce negative scores");
    return score;
  };
}

function decay(body: unknown, evaluation: Evaluation): (document: number) => number {
  const [field, options] = onlyEntry(body, "exp");
  const name = evaluation.fieldOf(field, "long");
  const { origin, scale, decay: left = 0.5 } = objectOf(options, ["origin", "scale", "decay"], "exp");
  const [from, width, share] = [numberOf(origin, "origin"), numberOf(scale, "scale"), numberOf(left, "decay")];
  return (document) => {
    const [value] = evaluation.values(document, name);
    return value === undefined ? 1 : Math.exp((Math.log(share) / width) * Math.abs(Number(value) - from));
  };
}
