/**
 * Connections kept open between the ticks of a long-lived process, one for each provider at most. A Lambda keeps none:
 * what it left open was closed by the other side while it was frozen.
 */

import type { Connection } from './http.ts';

export class KeptConnections {
  readonly #idle = new Map<string, Connection>();
  readonly #mayKeep: () => boolean;

  /** @param mayKeep Whether the process may have one more open for a long time. */
  constructor(mayKeep: () => boolean) {
    this.#mayKeep = mayKeep;
  }

  get size(): number {
    return this.#idle.size;
  }

  /** Hands a connection out, so that no one else gets it; null when there is none that still looks open. */
  take(key: string): Connection | null {
    const connection = this.#idle.get(key);
    this.#idle.delete(key);
    return connection?.isOpen ? connection : null;
  }

  /** Whether there is one to be had, that is no handshake to be done. */
  has(key: string): boolean {
    return this.#idle.get(key)?.isOpen ?? false;
  }

  /** Takes a connection back, or closes it where it cannot be used again or another came first. */
  async give(key: string, connection: Connection): Promise<void> {
    if (connection.isOpen && !this.has(key) && this.#mayKeep()) this.#idle.set(key, connection);
    else await connection.close();
  }

  async close(): Promise<void> {
    const connections = [...this.#idle.values()];
    this.#idle.clear();
    await Promise.all(connections.map((connection) => connection.close()));
  }
}
