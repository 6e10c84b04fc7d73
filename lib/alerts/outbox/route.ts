/** Which alerts go to which channel. */

import type { ChannelSettings, Severity } from '../../health/alerting/alert-settings.ts';

/** What a route looks at: of an alert, or of a problem that is not over. */
export interface Routable {
  severity: Severity;
  /** Null: the monitor itself, which concerns every channel. */
  provider: string | null;
  tags: readonly string[];
}

export function isRoutedTo({ tags, severities }: ChannelSettings, alert: Routable): boolean {
  if (!severities.includes(alert.severity)) return false;
  return alert.provider === null || tags.length === 0 || alert.tags.some((tag) => tags.includes(tag));
}
