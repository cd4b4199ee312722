import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How long items took in earlier runs on this machine. A file that is missing or broken only costs the best order. */
export class Durations {
  readonly #path: string;
  readonly #seconds: Map<string, number>;

  constructor(root: string) {
    this.#path = join(root, ".kinora/test-seconds.json");
    this.#seconds = new Map(Object.entries(read(this.#path)));
  }

  of = (name: string): number | undefined => this.#seconds.get(name);

  set(name: string, seconds: number): void {
    this.#seconds.set(name, Math.round(seconds * 10) / 10);
  }

  write(): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(this.#path, JSON.stringify(Object.fromEntries(this.#seconds), undefined, 1));
    } catch {
      // A tree that cannot be written to is tested all the same.
    }
  }
}

function read(path: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, number>; // Written above.
  } catch {
    return {};
  }
}
