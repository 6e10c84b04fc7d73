/** The message of a thrown value, for logs and reports. Redact the message when a provider may have written it. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
