import type { Page } from "playwright-core";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** A wallet of the browser of a test, whose user agrees to everything. */
export interface TestWallet {
  readonly name: string;
  readonly address: string;
  /** Its user says no to the next request. */
  refuse(): void;
}

/** Puts a wallet with a new key into all pages of a browser window: it announces itself as an extension does (EIP-6963). */
export async function addWallet(page: Page, name = "Test Wallet"): Promise<TestWallet> {
  const account = privateKeyToAccount(generatePrivateKey());
  let refuses = false;
  await page.exposeFunction("askTestWallet", async (method: string, params: readonly string[]) => {
    if (refuses) {
      refuses = false;
      return { code: 4001 };
    }
    if (method === "eth_requestAccounts") return { result: [account.address] };
    if (method === "eth_chainId") return { result: "0x7a69" };
    if (method !== "personal_sign") return { code: 4200 };
    const [raw = "0x"] = params;
    return { result: await account.signMessage({ message: { raw: `0x${raw.slice(2)}` } }) };
  });
  await page.addInitScript(
    `{
      const provider = {
        async request({ method, params = [] }) {
          const { result, code } = await window.askTestWallet(method, params);
          if (code !== undefined) throw Object.assign(new Error("refused"), { code });
          return result;
        },
      };
      const info = { uuid: "test", name: ${JSON.stringify(name)}, icon: "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 8 8%22%3E%3Ccircle cx=%224%22 cy=%224%22 r=%224%22 fill=%22teal%22/%3E%3C/svg%3E", rdns: "example.test" };
      const announce = () =>
        window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
      window.addEventListener("eip6963:requestProvider", announce);
    }`,
  );
  return { name, address: account.address, refuse: () => void (refuses = true) };
}
