import type { Call, Db, Handlers, Id, Version } from "#kernel";
import { categories } from "./categories.ts";
import { CategoryNotFound, type Video, type video } from "./contract.ts";
import { listOfCategory } from "./list-store.ts";
import { published, type Row, type Tables } from "./store.ts";

interface Parts {
  readonly db: Db<Tables>;
  readonly rowsOf: (versions: readonly Version[]) => Promise<readonly (Row | undefined)[]>;
  readonly shown: (row: Row, asked: Call) => Video;
  /** Without those of people a block parts from the caller. */
  readonly met: (rows: readonly Row[], asked: Call) => Promise<readonly Row[]>;
}

/** What videos can be about, and what there is about it. */
export function browsing({ db, rowsOf, shown, met }: Parts): Pick<Handlers<typeof video>, "categories" | "ofCategory"> {
  const list = listOfCategory(db);

  /** @throws CategoryNotFound */
  function found(id: Id) {
    const category = categories.find((one) => one.id === id);
    if (!category) throw CategoryNotFound({});
    return { id, names: { ...category.names } };
  }
  /** What was hidden, deleted or put elsewhere since the list was made does not belong there any more, not even its owner's. */
  const isStill = (row: Row | undefined, categoryId: Id): row is Row =>
    row?.categoryId === categoryId && row.visibility === "public" && row.status === published;

  return {
    categories: async () => ({ items: categories.map(({ id }) => found(id)) }),

    async ofCategory({ id, ...page }, asked) {
      found(id);
      const { items, ...rest } = await list({ categoryId: id }, page);
      const listed = (await rowsOf(items)).filter((row) => isStill(row, id));
      return { ...rest, items: (await met(listed, asked)).map((row) => shown(row, asked)) };
    },
  };
}
