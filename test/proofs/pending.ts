/** Promises that no test proves yet. One leaves this list with its first test; the list has to become empty. */
export const PENDING: readonly string[] = [];
