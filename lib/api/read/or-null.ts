/** Leaves out what the table cannot give now, so that the rest of the answer is given. */

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
