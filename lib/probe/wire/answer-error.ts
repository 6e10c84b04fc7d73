/** An answer that began and that cannot be judged: what http.ts and its readers found wrong with it. */

import type { Category } from '../../health/category.ts';

export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly category: Extract<Category, 'too_large' | 'invalid_response' | 'timeout'>;

  constructor(category: AnswerError['category'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.category = category;
  }
}
