/** Decides which alerts go to which channel. */

import type { ChannelSettings, Severity } from '../../health/alerting/alert-settings.ts';

/** The fields of an alert, or of an open problem, that decide about the route. */
export interface Routable {
  severity: Severity;
  /** Null: the monitor itself. Every channel gets those alerts, by severity alone. */
  provider: string | null;
  tags: readonly string[];
}

export function isRoutedTo({ tags, severities }: ChannelSettings, alert: Routable): boolean {
  if (!severities.includes(alert.severity)) return false;
  return alert.provider === null || tags.length === 0 || alert.tags.some((tag) => tags.includes(tag));
}
