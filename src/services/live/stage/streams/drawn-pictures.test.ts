import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { DrawnPictures, pictureLifeMs } from "./drawn-pictures.ts";

const stream = { room: 1 };
const picture = Uint8Array.of(1);

describe("pictures of a stream", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("are drawn once for all viewers, until they are old", async () => {
    let [now, drawings] = [0, 0];
    const pictures = new DrawnPictures(
      async () => Uint8Array.of(++drawings),
      () => now,
    );
    const look = () => Promise.all([pictures.of(stream), pictures.of(stream)]);
    assert.deepEqual(await look(), [Uint8Array.of(1), Uint8Array.of(1)]);
    now = pictureLifeMs;
    assert.deepEqual(await look(), [Uint8Array.of(2), Uint8Array.of(2)]);
  });

  it("are drawn once at a time, however long that takes", async () => {
    let [now, drawings] = [0, 0];
    const drawn = Promise.withResolvers<Uint8Array>();
    const pictures = new DrawnPictures(
      () => {
        drawings += 1;
        return drawn.promise;
      },
      () => now,
    );
    const first = pictures.of(stream);
    now = 2 * pictureLifeMs;
    const second = pictures.of(stream);
    drawn.resolve(picture);
    assert.deepEqual(await Promise.all([first, second]), [picture, picture]);
    assert.equal(drawings, 1);
    await pictures.of(stream);
    assert.equal(drawings, 2, "what it shows is old");
  });

  it("are the ones before where a new one cannot be drawn, or is drawn late", async () => {
    let now = 0;
    const drawings = [
      Promise.resolve(picture),
      Promise.resolve(undefined),
      Promise.withResolvers<Uint8Array>().promise,
    ];
    const pictures = new DrawnPictures(
      async () => drawings.shift(),
      () => now,
    );
    assert.equal(await pictures.of(stream), picture);
    now = pictureLifeMs;
    assert.equal(await pictures.of(stream), picture, "cannot be drawn");
    assert.equal(await pictures.of(stream), picture);
    assert.equal(drawings.length, 1, "is not tried again before its time");
    now = 2 * pictureLifeMs;
    const late = pictures.of(stream);
    mock.timers.tick(5_000);
    assert.equal(await late, picture);
  });

  it("are absent where the first one is drawn late or cannot be drawn, which is tried again", async () => {
    const drawings = [Promise.resolve(undefined), Promise.resolve(picture)];
    const pictures = new DrawnPictures(async () => drawings.shift());
    assert.equal(await pictures.of(stream), undefined);
    assert.equal(await pictures.of(stream), picture);
    const slow = new DrawnPictures(() => Promise.withResolvers<Uint8Array>().promise);
    const absent = slow.of(stream);
    mock.timers.tick(5_000);
    assert.equal(await absent, undefined);
  });
});
