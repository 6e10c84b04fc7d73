/** There was no token, so no request was sent. This says nothing about the provider. */

import type { Category } from '../../health/category.ts';

export class TokenError extends Error {
  override readonly name = 'TokenError';
  /**
   * `auth`: the token endpoint answered without a token. `dns`, `connect`, `tls`, `timeout`: there was no answer. The
   * monitor's own network may be the cause, so the tick asks its witnesses. `config`: a setting is wrong.
   */
  readonly category: Extract<Category, 'auth' | 'dns' | 'connect' | 'tls' | 'timeout' | 'config'>;

  /** @param message Safe to show. */
  constructor(category: TokenError['category'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.category = category;
  }
}
