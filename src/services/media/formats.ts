import type { Db, Tx } from "#kernel";
import { demuxers } from "#media/container";
import { demuxerOf } from "#media/sniff";
import { type Format, UnknownFormat } from "./contract.ts";
import { formatsOff, switchOff, switchOn } from "./format-store.ts";
import type { Tables } from "./store.ts";

/** Codecs of most uploads; any other can be switched off by its name as well. */
const usualCodecs: readonly string[] = [
  "h264 hevc av1 vp8 vp9 mpeg4 mpeg2video mpeg1video msmpeg4v3 wmv3 flv1 h263 mjpeg prores dnxhd theora ffv1 magicyuv gif",
  "aac mp3 mp2 opus vorbis flac ac3 eac3 alac wmav2 pcm_s16le",
].flatMap((line) => line.split(" "));

/** The formats administrators allow. A format is on unless it is switched off. */
export class Formats {
  readonly #db: Db<Tables>;
  readonly #now: () => number;

  constructor(db: Db<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async all(): Promise<Format[]> {
    const off = await formatsOff(this.#db);
    const isOff = (kind: Format["kind"], name: string) =>
      off.some((format) => format.kind === kind && format.name === name);
    const otherCodecs = off.flatMap(({ kind, name }) =>
      kind === "codec" && !usualCodecs.includes(name) ? [name] : [],
    );
    return [
      ...demuxers.map((name) => ({ kind: "container" as const, name, isOn: !isOff("container", name) })),
      ...[...usualCodecs, ...otherCodecs].map((name) => ({
        kind: "codec" as const,
        name,
        isOn: !isOff("codec", name),
      })),
    ];
  }

  async off(): Promise<{ containers: string[]; codecs: string[] }> {
    const off = await formatsOff(this.#db);
    const namesOf = (kind: Format["kind"]) => off.filter((format) => format.kind === kind).map(({ name }) => name);
    return { containers: namesOf("container"), codecs: namesOf("codec") };
  }

  /** `audit` runs in the transaction of the change. */
  async set(format: Format, audit: (tx: Tx<Tables>) => Promise<void>): Promise<Format> {
    // A container with an unknown name would never be refused, so the administrator has to learn of the mistake.
    if (format.kind === "container" && !demuxers.some((name) => name === format.name)) throw UnknownFormat({});
    await this.#db.tx(async (tx) => {
      await (format.isOn ? switchOn(tx, format) : switchOff(tx, format, this.#now()));
      await audit(tx);
    });
    return format;
  }

  /** True if files of this type, as sniffed from their first bytes, are accepted. */
  async accepts(mime: string): Promise<boolean> {
    const demuxer = demuxerOf(mime);
    return demuxer === undefined || !(await this.off()).containers.includes(demuxer);
  }
}
