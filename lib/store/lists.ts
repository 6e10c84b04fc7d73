/** Stores the accepted provider list, so that every function and every cold start finds it. */

export interface AcceptedList {
  /** Hash of the list's text. */
  hash: string;
  /** ISO 8601 UTC. */
  acceptedAt: string;
}

export interface ListStore {
  /** The list in force; null: none was accepted yet. It costs one small read. */
  accepted(): Promise<AcceptedList | null>;
  /** The text of a list; null: another list has replaced it. */
  textOf(hash: string): Promise<string | null>;
  /** Replaces the list in force. */
  accept(list: AcceptedList, text: string): Promise<void>;
}
