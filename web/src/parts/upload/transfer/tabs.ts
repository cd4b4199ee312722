const tabKey = "kinora.tab";
let ownTab: Promise<string> | null = null;

/**
 * The name of this tab, the same after a reload; it is held for as long as the tab lives, so that others see that it
 * does. The copy of a tab gets another.
 */
export const nameOfTab = (): Promise<string> => (ownTab ??= takeName());

async function takeName(): Promise<string> {
  const storedName = sessionStorage.getItem(tabKey);
  if (storedName !== null && (await hold(storedName))) return storedName;
  const newName = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16)).join("");
  sessionStorage.setItem(tabKey, newName);
  await hold(newName);
  return newName;
}

const lockOf = (tab: string) => `kinora-tab-${tab}`;

/** The lock manager exists on secure origins only; over plain HTTP a single tab is assumed. */
function hold(tab: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(lockOf(tab), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      // Held until the tab is gone.
      return lock === null ? undefined : new Promise<void>(() => undefined);
    });
  });
}

/** Names of tabs that are open. */
export async function livingTabs(): Promise<ReadonlySet<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name = "" }) => name.replace(lockOf(""), "")));
}
