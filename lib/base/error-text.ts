/** What a thrown value says, for logs and reports. Redact it first where a provider may have written it. */

/** The message alone. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
