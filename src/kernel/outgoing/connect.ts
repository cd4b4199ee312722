import { connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";

/** One checked address, and the name it is to prove it has. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** With TLS, for this name. */
  readonly isSecure: boolean;
  readonly name: string;
}
/** Opens a connection to exactly this address; nothing is resolved any more. */
export type Connect = (endpoint: Endpoint, signal: AbortSignal) => Promise<Duplex>;

/** @param ca certificates to trust instead of the system's, PEM. */
export const createConnector =
  ({ ca }: { readonly ca?: string } = {}): Connect =>
  ({ address, port, isSecure, name }, signal) =>
    new Promise((resolve, reject) => {
      if (isIP(address) === 0) throw new TypeError("not an address");
      const to = { host: address, port };
      // An address has no server name (RFC 6066 §3); the certificate is then compared with the address.
      const servername = isIP(name) === 0 ? name.replace(/\.$/, "") : "";
      const trusted = ca === undefined ? {} : { ca };
      const socket = isSecure
        ? connectTls({ ...to, ...trusted, servername, ALPNProtocols: ["http/1.1"] })
        : connectTcp(to);
      const stop = () => socket.destroy(new Error("given up"));
      // The listener stays after the socket is handed over: between two requests it has no other one.
      socket.on("error", reject);
      socket.once(isSecure ? "secureConnect" : "connect", () => {
        signal.removeEventListener("abort", stop);
        resolve(socket);
      });
      socket.once("close", () => {
        signal.removeEventListener("abort", stop);
        reject(new Error("closed before it was open"));
      });
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
