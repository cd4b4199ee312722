import assert from "node:assert/strict";
import { type CacheDeclaration, CachePolicy, type CacheReport, type CacheSetting } from "./policy.ts";

/** Entries to delete in each process, by keys of one cache or by tags in all caches. */
export interface CacheDeletion {
  /** The number of the change; it grows. */
  readonly revision: number;
  /** As `<cache>/<key>`: `gateway.names/7`. */
  readonly keys: readonly string[];
  readonly tags: readonly string[];
}

/** The state of all caches of the installation, after a change. */
export interface CacheChanges {
  readonly revision: number;
  /** The generation of caches without a setting. */
  readonly generation: number;
  readonly settings: readonly (CacheSetting & { readonly name: string })[];
  /** The deletions after the revision that a process has; undefined where some are forgotten by now. */
  readonly deletions: readonly CacheDeletion[] | undefined;
}

/** The caches of this process, by name. Each is declared where it is made; settings may be known before. */
export class CachePolicies {
  readonly #policies = new Map<string, CachePolicy>();
  #settings: ReadonlyMap<string, CacheSetting> = new Map();
  #generation = 0;
  #revision: number | undefined;

  /** The same policy for each object that caches under this name. */
  declare(declaration: CacheDeclaration): CachePolicy {
    const existing = this.#policies.get(declaration.name);
    assert.ok(!existing || existing.declaration === declaration, `two caches are called ${declaration.name}`);
    if (existing) return existing;
    const policy = new CachePolicy(declaration);
    policy.apply(this.#settingOf(declaration.name));
    this.#policies.set(declaration.name, policy);
    return policy;
  }

  find(name: string): CachePolicy | undefined {
    return this.#policies.get(name);
  }

  /** The last change that this process applied; undefined before the first. */
  get revision(): number | undefined {
    return this.#revision;
  }

  reports(): CacheReport[] {
    return [...this.#policies.values()].map((policy) => policy.report());
  }

  /** Applies what is newer than this process's own state. Answers may arrive out of order. */
  apply({ revision, generation, settings, deletions }: CacheChanges): void {
    const ownRevision = this.#revision;
    if (ownRevision !== undefined && revision <= ownRevision) return;
    this.#settings = new Map(settings.map(({ name, ...setting }) => [name, setting]));
    this.#generation = generation;
    this.#revision = revision;
    for (const [name, policy] of this.#policies) policy.apply(this.#settingOf(name));
    if (deletions === undefined) for (const policy of this.#policies.values()) policy.clear();
    for (const deletion of deletions ?? []) if (deletion.revision > (ownRevision ?? 0)) this.#delete(deletion);
  }

  #settingOf(name: string): CacheSetting {
    const setting = this.#settings.get(name) ?? { ttlMs: null, staleMs: null, generation: 0 };
    return { ...setting, generation: Math.max(setting.generation, this.#generation) };
  }

  #delete({ keys, tags }: CacheDeletion): void {
    for (const key of keys) {
      const [name = "", entry = ""] = splitAtFirst(key, "/");
      this.#policies.get(name)?.deleteKey(entry);
    }
    for (const policy of this.#policies.values()) for (const tag of tags) policy.deleteTag(tag);
  }
}

function splitAtFirst(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}
