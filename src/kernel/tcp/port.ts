/** A connection of a protocol that is not HTTP. */
export interface TcpConnection {
  /** The address of the other side. */
  readonly address: string;
  readonly isEncrypted: boolean;
  send(bytes: Uint8Array): void;
  /** Bytes that the other side has not taken. */
  readonly waitingBytes: number;
  /** Stops and continues reading: the back-pressure of who sends too fast. */
  pause(): void;
  resume(): void;
  /** Sends what waits and closes. */
  end(): void;
  /** Ends it without a word. */
  destroy(): void;
}

/** What takes the bytes of a connection. Neither function throws. */
export interface TcpListener {
  bytes(chunk: Buffer): void;
  /** Called once, whichever side ended it. */
  closed(): void;
}

export interface TcpServerOptions {
  readonly host: string;
  /** 0 for one that the system chooses. */
  readonly port: number;
  /** PEM. With it the port also takes TLS, by the first byte of a connection; without it TLS is refused. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly connectionsMax: number;
  readonly perAddressMax: number;
  /** A connection that neither sends nor takes a byte for so long is ended. */
  readonly idleMs: number;
  accept(connection: TcpConnection): TcpListener;
}

export interface TcpServer {
  readonly port: number;
  /** Refuses new connections and ends those that are open. */
  close(): Promise<void>;
}

/** Ports of services that speak a protocol of their own. */
export interface Tcp {
  /** @throws Error with the system's code, `EADDRINUSE` where the port is taken */
  listen(options: TcpServerOptions): Promise<TcpServer>;
}
