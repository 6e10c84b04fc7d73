/** The list of providers that was accepted last, kept where every function and every cold start finds it. */

export interface AcceptedList {
  /** Of its text. */
  hash: string;
  /** ISO 8601 UTC. */
  acceptedAt: string;
}

export interface ListStore {
  /** Which list is in force; null: none was accepted yet. One read of half a unit. */
  accepted(): Promise<AcceptedList | null>;
  /** Its text; null: another list has taken its place. */
  textOf(hash: string): Promise<string | null>;
  /** Puts a list in the place of the one before. */
  accept(list: AcceptedList, text: string): Promise<void>;
}
