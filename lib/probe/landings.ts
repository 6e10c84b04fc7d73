/**
 * When answers are due, so that they do not arrive in one bunch. One core takes a fraction of a millisecond for each;
 * those that arrive meanwhile lie unread, and would be measured with that on top.
 */

/** Room for one answer: two to three times what reading one costs. */
const SLOT_MS = 0.6;

export class Landings {
  readonly #taken = new Set<number>();

  /** Takes the slot at `dueAt`; false when another answer is due in it. */
  take(dueAt: number): boolean {
    const slot = Math.floor(dueAt / SLOT_MS);
    if (this.#taken.has(slot)) return false;
    this.#taken.add(slot);
    return true;
  }

  clear(): void {
    this.#taken.clear();
  }
}
