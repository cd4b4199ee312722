import { within } from "#kernel";
import { type CacheDeclaration, CachePolicy } from "#kernel/cache/policy";

/** A picture of a stream is drawn anew after this time, and when it is asked for alone. */
export const pictureLifeMs = 10_000;
export const drawingsCache: CacheDeclaration = {
  name: "live.drawings",
  what: "Pictures that are drawn of live streams.",
  ttlMs: pictureLifeMs,
};
/** A viewer waits this long for a new picture, and then receives the one before it: a busy machine draws late. */
const waitMs = 5_000;

interface Drawing {
  /** A drawing is as old as the request that began it, and the newest one for as long as it is under way. */
  untilMs: number;
  readonly bytes: Promise<Uint8Array | undefined>;
}

/** The newest picture of each stream. One is drawn after the other. */
export class DrawnPictures<Stream extends object> {
  readonly #draw: (stream: Stream) => Promise<Uint8Array | undefined>;
  readonly #now: () => number;
  readonly #policy: CachePolicy;
  #drawings = new WeakMap<Stream, Drawing>();
  readonly #last = new WeakMap<Stream, Uint8Array>();
  #turn: Promise<unknown> = Promise.resolve();

  /** `draw` makes a picture of a stream as it is, undefined where that is not possible. It never rejects. */
  constructor(
    draw: (stream: Stream) => Promise<Uint8Array | undefined>,
    now: () => number = () => performance.now(),
    policy = new CachePolicy(drawingsCache),
  ) {
    this.#draw = draw;
    this.#now = now;
    this.#policy = policy;
    policy.hold({ clear: () => (this.#drawings = new WeakMap()) });
  }

  /** Undefined where there is none yet. */
  async of(stream: Stream): Promise<Uint8Array | undefined> {
    return within(waitMs, this.#newest(stream)).catch(() => this.#last.get(stream));
  }

  #newest(stream: Stream): Promise<Uint8Array | undefined> {
    const cached = this.#drawings.get(stream);
    const isHit = cached !== undefined && cached.untilMs > this.#now();
    this.#policy.count(isHit);
    if (isHit) return cached.bytes;
    const bytes = this.#turn.then(async () => {
      const picture = (await this.#draw(stream)) ?? this.#last.get(stream);
      if (picture) this.#last.set(stream, picture);
      return picture;
    });
    this.#turn = bytes;
    const [askedMs, drawing] = [this.#now(), { untilMs: Number.POSITIVE_INFINITY, bytes }];
    this.#drawings.set(stream, drawing);
    void bytes.then((picture) => {
      drawing.untilMs = askedMs + this.#policy.ttlMs;
      // The first key frame may come in a moment.
      if (picture === undefined) this.#drawings.delete(stream);
    });
    return bytes;
  }
}
