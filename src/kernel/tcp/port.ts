/** A connection of a protocol that is not HTTP. */
export interface TcpConnection {
  /** The address of the other side. */
  readonly address: string;
  readonly isEncrypted: boolean;
  send(bytes: Uint8Array): void;
  /** Bytes that the other side has not taken. */
  readonly waitingBytes: number;
  /** Stops and continues reading: back-pressure on a client that sends too fast. */
  pause(): void;
  resume(): void;
  /**
   * The client is known: its deadline is over, and it no longer takes a place from clients that are not. It may send so much
   * from now on; beyond that its connection is read more slowly.
   */
  admit(rate: ByteRate): void;
  /** Sends what waits and closes; a client that does not close its side within a second is disconnected. */
  end(): void;
  /** Ends it without a word. */
  destroy(): void;
}

export interface ByteRate {
  readonly bytesPerSecond: number;
  /** The size of a burst. */
  readonly burstBytes: number;
}

/** The receiver of a connection's bytes. Neither function throws. */
export interface TcpListener {
  bytes(chunk: Buffer): void;
  /** Called once, whichever side ended it. */
  close(): void;
}

export interface TcpServerOptions {
  readonly host: string;
  /** 0 for one that the system chooses. */
  readonly port: number;
  /** PEM. With it the port also takes TLS, by the first byte of a connection; without it TLS is refused. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Addresses or ranges from which many clients come; loopback is one always. */
  readonly trustedProxies: readonly string[];
  /**
   * The most connections that are not admitted. If all are taken, the network with the most of them loses its oldest.
   */
  readonly strangersMax: number;
  /** Connections of one client network that are not admitted. */
  readonly perNetworkMax: number;
  /** From the first moment of a connection to its admission. */
  readonly admissionMs: number;
  /** The bytes that a connection may send before it is admitted. */
  readonly admissionBytesMax: number;
  /** A connection that neither sends nor takes a byte for this long is ended. */
  readonly idleMs: number;
  accept(connection: TcpConnection): TcpListener;
}

export interface TcpServer {
  readonly port: number;
  /** Refuses new connections and ends those that are open. Settles when each listener has been closed. */
  close(): Promise<void>;
}

/** Ports of services that speak a protocol of their own. */
export interface Tcp {
  /** @throws Error with the system's code, `EADDRINUSE` where the port is taken */
  listen(options: TcpServerOptions): Promise<TcpServer>;
}
