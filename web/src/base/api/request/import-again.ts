interface Failed {
  readonly count: number;
  readonly address: string | undefined;
}
const failed = new WeakMap<() => Promise<unknown>, Failed>();

/**
 * Imports a part of the program, also after an earlier attempt failed. A browser may remember a failed address until
 * the next page, so a repeat asks for it with another query. A file which that part imports in turn may be remembered
 * as well: then only a reload helps.
 */
export async function importAgain<Module>(load: () => Promise<Module>): Promise<Module> {
  const before = failed.get(load);
  try {
    if (before?.address === undefined) return await load();
    // The module is the one that `load` imports: its address comes from the failure of that import.
    const module = (await import(/* @vite-ignore */ addressAgain(before.address, before.count))) as Module;
    return module;
  } catch (thrown) {
    failed.set(load, { count: (before?.count ?? 0) + 1, address: before?.address ?? failedAddress(thrown) });
    throw thrown;
  }
}

/** The address in the message of a failed import, as Chromium and Firefox write it. Pure. */
export const failedAddress = (thrown: unknown): string | undefined =>
  thrown instanceof Error ? /https?:\/\/\S+\.[jt]sx?\b\S*/.exec(thrown.message)?.[0] : undefined;

/** The same file at another address. Pure. */
export function addressAgain(address: string, count: number): string {
  const again = new URL(address);
  again.searchParams.set("again", String(count));
  return again.href;
}
