import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Id, Instant, newCall, PublicPath } from "#kernel";
import fc from "fast-check";
import { z } from "zod";
import { type Part, view, type ViewContext } from "./view.ts";
import { jsonWriter } from "../format/json.ts";

const Film = z.object({ id: Id, title: z.string(), createdAtMs: Instant, secret: z.string(), likeCount: z.int() });
type Film = z.output<typeof Film>;

/** The values of the parts, by the films' ids. */
const looks = new Map<number, object>();
const author: Part<Film> = {
  name: "author",
  adds: z.object({ user: z.object({ id: Id, userName: z.string() }) }),
  none: () => ({ user: { id: 1, userName: "" } }),
  of: async (rows) => rows.map(({ id }) => looks.get(id)),
};
const counts: Part<Film> = {
  name: "counts",
  adds: z.object({ likeCount: z.int(), coverUrl: PublicPath }),
  none: () => ({ likeCount: 0, coverUrl: "" }),
  of: async (rows) => rows.map(({ id, likeCount }) => ({ likeCount: likeCount * 2, coverUrl: `/cover/${id}` })),
};
const films = view({ id: "TestFilm", base: Film, hidden: ["secret"], parts: [author, counts] });
const Liked = z.object({ filmId: Id, likedAtMs: Instant });
const likes = view({
  id: "TestLiked",
  base: Liked,
  hidden: ["filmId"],
  required: "film",
  parts: [
    {
      name: "film",
      adds: z.object(films.full.shape),
      none: () => ({}),
      of: async (rows, context) =>
        films.compose(
          rows.map(({ filmId }) => film({ id: filmId })),
          context,
        ),
    },
  ],
});

describe("a composed row", () => {
  it("is written like one object with all its fields", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ title: text, userName: text, likeCount: fc.nat(99) }), {
          maxLength: 5,
        }),
        async (given) => {
          looks.clear();
          const rows = given.map(({ title, userName, likeCount }, n) => {
            const id = n + 1;
            looks.set(id, { user: { id, userName } });
            return film({ id, title, likeCount });
          });
          for (const base of ["", "https://a.example", "https://b.example", ""]) {
            const whole = jsonWriter(z.array(films.full))(await films.compose(rows, context), base);
            const flat = jsonWriter(z.array(films.full))(await films.hydrate(rows, context), base);
            assert.deepEqual(JSON.parse(whole), JSON.parse(flat));
          }
        },
      ),
    );
  });

  it("omits hidden fields, and prefers a part's field to the row's own", async () => {
    looks.clear();
    const [row] = await films.compose([film({ id: 7, likeCount: 4 })], context);
    assert.deepEqual(JSON.parse(jsonWriter(films.full)(row, "https://a.example")), {
      id: 7,
      title: "Sea",
      created_at: "1970-01-01T00:00:00.000Z",
      user: { id: 1, user_name: "" },
      like_count: 8,
      cover_url: "https://a.example/cover/7",
    });
  });

  it("can be a part of another composed row", async () => {
    const rows = [{ filmId: 3, likedAtMs: 1_000 }];
    const written = JSON.parse(jsonWriter(z.array(likes.full))(await likes.compose(rows, context), ""));
    assert.deepEqual(
      [written[0].id, written[0].liked_at, written[0].film_id],
      [3, "1970-01-01T00:00:01.000Z", undefined],
    );
    const [flat] = (await likes.hydrate(rows, context)) as Record<string, unknown>[]; // By the schema.
    assert.deepEqual([flat?.["id"], flat?.["title"], flat?.["likedAtMs"]], [3, "Sea", 1_000]);
  });
});

const film = (parts: Partial<Film>): Film => ({
  id: 1,
  title: "Sea",
  createdAtMs: 0,
  secret: "hash",
  likeCount: 0,
  ...parts,
});
const context: ViewContext = {
  client: () => assert.fail("nobody is asked"),
  call: newCall({ waitMs: 1_000 }),
  reportDegraded: (part, error) => assert.fail(`${part}: ${String(error)}`),
};
