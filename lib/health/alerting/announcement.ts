/** Whether one channel took an alert. It is kept with the history, so that an incident's page shows who was notified. */

import type { AlertPhase, AlertProblem } from './alert.ts';

/** `refused`: the channel did not take the alert, and it is not sent again. */
export const ANNOUNCEMENT_OUTCOMES = ['delivered', 'refused'] as const;

export type AnnouncementOutcome = (typeof ANNOUNCEMENT_OUTCOMES)[number];

export interface Announcement {
  /** The provider's id, or {@link MONITOR_SUBJECT}. */
  subject: string;
  /** Time of the check that caused the alert, ISO 8601 UTC. */
  alertAt: string;
  phase: AlertPhase;
  problem: AlertProblem;
  /** The channel's id. */
  channel: string;
  outcome: AnnouncementOutcome;
  /** When the channel answered, ISO 8601 UTC. */
  at: string;
}
