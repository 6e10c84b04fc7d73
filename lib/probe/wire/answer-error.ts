/** An answer that began but cannot be judged: http.ts or a reader found an error in it. */

import type { Category } from '../../health/category.ts';

export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly category: Extract<Category, 'too_large' | 'invalid_response' | 'timeout'>;

  constructor(category: AnswerError['category'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.category = category;
  }
}
