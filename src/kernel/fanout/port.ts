/**
 * Carries bytes to the subscribers of a topic, in every process of the installation. Delivery is at most once and in no
 * promised order: nothing is stored, and a message without a subscriber is lost. Data that must not be missed is
 * numbered and kept in a database.
 */
export interface Fanout {
  /** Never fails and never waits. Subscribers of this process are called before it returns. */
  publish(topic: string, bytes: Uint8Array): void;
  /** Yields what ends the subscription. A topic is letters, digits, dots and hyphens. */
  subscribe(topic: string, handler: (bytes: Uint8Array) => void): () => void;
}
