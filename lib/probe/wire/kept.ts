/**
 * Connections that a long-running process keeps open between ticks, at most one for each provider. A Lambda keeps none,
 * since the other side would close them while it is frozen.
 */

import type { Connection } from './http.ts';

export class KeptConnections {
  readonly #idle = new Map<string, Connection>();
  readonly #mayKeep: () => boolean;

  /** @param mayKeep Whether the process may keep one more connection. */
  constructor(mayKeep: () => boolean) {
    this.#mayKeep = mayKeep;
  }

  get size(): number {
    return this.#idle.size;
  }

  /** Removes and returns a connection; null when there is none that still looks open. */
  take(key: string): Connection | null {
    const connection = this.#idle.get(key);
    this.#idle.delete(key);
    return connection?.isOpen ? connection : null;
  }

  /** Whether there is a connection, so that no handshake is needed. */
  has(key: string): boolean {
    return this.#idle.get(key)?.isOpen ?? false;
  }

  /** Takes a connection back. Closes it if it cannot be used again, or if another one is already kept. */
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
