/** Replaces a failed read by null, so that the rest of an answer can be given. */

import { StoreError } from '../../store/store.ts';

/** The value; null when the table cannot be read now. */
export async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}
