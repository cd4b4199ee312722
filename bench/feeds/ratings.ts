import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ftrl, placeOf } from "#services/recommend/rank/ftrl";
import { logit, Rates } from "#services/recommend/rank/rates";

/** How well a label is known before it is seen. */
export interface Foresight {
  /** The chance that one with the label has a higher prediction than one without. */
  readonly auc: number;
  readonly logLoss: number;
}

interface Rating {
  readonly user: string;
  readonly item: string;
  readonly isLiked: boolean;
}
interface Item {
  readonly genres: readonly string[];
  readonly year: number;
}
interface Person {
  readonly age: number;
  readonly sex: string;
  readonly work: string;
}

// Chosen on the last quarter of the training part.
const settings = { places: 2 ** 18, alpha: 0.1, beta: 1, l1: 0.1, l2: 1 };
const trainShare = 0.8;

/**
 * The progressive protocol `ml100k-ctr` of the data's README: ratings in the order of time, each predicted and then learned
 * from; those of the last fifth count. All that is known of a rating comes from those before it.
 */
export async function ratingForesight(folder: string): Promise<Foresight> {
  const rows = async (kind: string) => {
    const text = await readFile(join(folder, `ml-100k/ml-100k.${kind}`), "utf8");
    return text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"));
  };
  const items = new Map(
    (await rows("item")).map(([id = "", , year, genres = ""]) => [
      id,
      { genres: genres.split(" "), year: Number(year) } satisfies Item,
    ]),
  );
  const people = new Map(
    (await rows("user")).map(([id = "", age, sex = "", work = ""]) => [
      id,
      { age: Math.floor(Number(age) / 10), sex, work } satisfies Person,
    ]),
  );
  const ratings = (await rows("inter"))
    .map(([user = "", item = "", rating, atS]) => ({ user, item, isLiked: Number(rating) >= 4, atS: Number(atS) }))
    .toSorted((a, b) => a.atS - b.atS || Number(a.user) - Number(b.user) || Number(a.item) - Number(b.item));
  const model = new Ftrl(settings);
  const past = new Past();
  const seen: { predicted: number; isLiked: boolean }[] = [];
  for (const [place, rating] of ratings.entries()) {
    const item = items.get(rating.item) ?? { genres: [], year: 0 };
    const person = people.get(rating.user) ?? { age: 0, sex: "", work: "" };
    const named = featuresOf(rating, item, person, past);
    const features = {
      places: named.map(([name]) => placeOf(name, settings.places)),
      values: named.map(([, value]) => value),
    };
    const predicted = model.learn(features, rating.isLiked);
    if (place >= ratings.length * trainShare) seen.push({ predicted, isLiked: rating.isLiked });
    past.add(rating, item);
  }
  return { auc: aucOf(seen), logLoss: logLossOf(seen) };
}

/** The facts of earlier ratings about users, items and genres. */
class Past {
  readonly rates = new Rates();
  readonly #rated = new Map<string, { item: string; surprise: number; isLiked: boolean }[]>();
  /** By two items, of those who rated both: the products of how much they surprised, and their squares. */
  readonly #alike = new Map<string, { both: number; one: number; other: number }>();

  usual = () => this.rates.of("all", 0.55, 50);
  ofUser = ({ user }: Rating) => this.rates.of(`user ${user}`, this.usual(), 10);
  ofItem = ({ item }: Rating) => this.rates.of(`item ${item}`, this.usual(), 10);

  /** The user's last ten ratings. */
  ofLate(rating: Rating): number {
    const late = (this.#rated.get(rating.user) ?? []).slice(-10);
    return (late.filter(({ isLiked }) => isLiked).length + 3 * this.ofUser(rating)) / (late.length + 3);
  }

  /** By how much the user's ratings of items that are rated alike were above what was to be expected. */
  neighbours({ user, item }: Rating): number {
    let [sum, weights] = [0, 0];
    for (const before of this.#rated.get(user) ?? []) {
      const alike = this.#alike.get(pairOf(item, before.item));
      if (!alike) continue;
      const weight = alike.both / (Math.sqrt(alike.one * alike.other) + 8);
      sum += weight * before.surprise;
      weights += Math.abs(weight);
    }
    return sum / (weights + 1);
  }

  add(rating: Rating, { genres }: Item): void {
    const { user, item, isLiked } = rating;
    const expected =
      1 / (1 + Math.exp(-(logit(this.ofUser(rating)) + logit(this.ofItem(rating)) - logit(this.usual()))));
    const surprise = (isLiked ? 1 : 0) - expected;
    const rated = this.#rated.get(user) ?? [];
    for (const before of rated) {
      const pair = pairOf(item, before.item);
      const alike = this.#alike.get(pair) ?? { both: 0, one: 0, other: 0 };
      alike.both += surprise * before.surprise;
      alike.one += surprise ** 2;
      alike.other += before.surprise ** 2;
      this.#alike.set(pair, alike);
    }
    rated.push({ item, surprise, isLiked });
    this.#rated.set(user, rated);
    for (const key of ["all", `user ${user}`, `item ${item}`, ...genres.map((genre) => `genre ${user} ${genre}`)])
      this.rates.add(key, isLiked);
  }
}

const pairOf = (first: string, second: string): string =>
  first < second ? `${first} ${second}` : `${second} ${first}`;

/** Names and values of what is known of a rating before it is made. */
function featuresOf(rating: Rating, { genres, year }: Item, person: Person, past: Past): [string, number][] {
  const { user, item } = rating;
  const ofUser = past.ofUser(rating);
  const ofGenres = genres.map((genre) => logit(past.rates.of(`genre ${user} ${genre}`, ofUser, 5)));
  const late = Math.min(0.98, Math.max(0.02, past.ofLate(rating)));
  const step = (key: string, most: number) => Math.min(most, Math.floor(Math.log2(1 + past.rates.cases(key))));
  return [
    ["always", 1],
    [`user ${user}`, 1],
    [`item ${item}`, 1],
    [`sex ${person.sex} ${item}`, 0.3],
    [`age ${person.age} ${item}`, 0.3],
    [`year ${Math.floor(year / 5)}`, 0.5],
    [`decade ${user} ${Math.floor(year / 10)}`, 0.5],
    ...genres.flatMap((genre): [string, number][] => [
      [`genre ${genre}`, 1 / genres.length],
      [`genre ${genre} user ${user}`, 0.5],
      [`genre ${genre} age ${person.age}`, 0.3],
      [`genre ${genre} work ${person.work}`, 0.3],
      [`genre ${genre} sex ${person.sex}`, 0.3],
    ]),
    ["rate of the user", logit(ofUser)],
    ["rate of the item", logit(past.ofItem(rating))],
    ["rate of the genres", ofGenres.reduce((sum, rate) => sum + rate, 0) / Math.max(1, genres.length)],
    ["late ratings", logit(late)],
    ["neighbours", 3 * past.neighbours(rating)],
    [`ratings of the user ${step(`user ${user}`, 8)}`, 1],
    [`ratings of the item ${step(`item ${item}`, 9)}`, 1],
  ];
}

type Seen = readonly { readonly predicted: number; readonly isLiked: boolean }[];

/** By the ranks of those with the label (Mann and Whitney); equal predictions share theirs. */
function aucOf(seen: Seen): number {
  const order = seen.toSorted((a, b) => a.predicted - b.predicted);
  let [ranks, liked] = [0, 0];
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && order[to]?.predicted === order[from]?.predicted) to++;
    const hits = order.slice(from, to).filter(({ isLiked }) => isLiked).length;
    ranks += (hits * (from + 1 + to)) / 2;
    liked += hits;
    from = to;
  }
  return (ranks - (liked * (liked + 1)) / 2) / (liked * (order.length - liked));
}

const logLossOf = (seen: Seen): number =>
  seen.reduce((sum, { predicted, isLiked }) => sum - Math.log(isLiked ? predicted : 1 - predicted), 0) / seen.length;
