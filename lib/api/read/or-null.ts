/** Where what the table does not give now is left out, instead of costing the rest of the answer. */

import { StoreError } from '../../store/store.ts';

/** Null when the table does not answer now. */
export async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}
