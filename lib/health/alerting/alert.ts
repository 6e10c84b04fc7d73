/** The shape of alerts, and of the record of the alerts that were sent about a provider. next-alert.ts has the rules. */

import type { Category, Fault } from '../category.ts';
import type { State } from '../transition.ts';
import type { Severity } from './alert-settings.ts';

/** `flapping`: 4 changes of state in 30 minutes. `monitor_fault`: the monitor's own network fails, so it judges no provider. */
export const ALERT_PROBLEMS = ['outage', 'action_needed', 'flapping', 'monitor_fault'] as const;

export type AlertProblem = (typeof ALERT_PROBLEMS)[number];

/** `opened`: a new problem, or a problem that turned into another one. */
export const ALERT_PHASES = ['opened', 'reminder', 'recovered'] as const;

export type AlertPhase = (typeof ALERT_PHASES)[number];

const SEVERITY_OF: Record<AlertProblem, Severity> = {
  outage: 'critical',
  action_needed: 'error',
  flapping: 'warning',
  monitor_fault: 'warning',
};

/** One message about one problem. */
export interface Alert {
  /** Unique. The same status always gives the same id. */
  id: string;
  phase: AlertPhase;
  problem: AlertProblem;
  severity: Severity;
  /** The provider's id; null: the monitor itself. */
  provider: string | null;
  model: string | null;
  tags: readonly string[];
  state: State | null;
  /** When the problem began, ISO 8601 UTC. */
  since: string;
  /** Time of the check that caused the alert, ISO 8601 UTC. */
  at: string;
  /** Milliseconds from `since` to `at`. */
  lastedMs: number;
  /** Why the last check failed; null for a recovery. */
  category: Category | null;
  fault: Fault | null;
  /** At most 300 characters, without secrets. */
  errorMessage: string | null;
  /** The same for all alerts of one problem, from `opened` to `recovered`, also when it turns into another problem. */
  thread: string;
  /** Which incident of the provider this is within 24 hours, from 1; null when it was not counted. */
  ordinal: number | null;
}

/** A problem that an alert was sent about, and that still lasts. */
export interface OpenProblem {
  problem: AlertProblem;
  /** When the problem began, ISO 8601 UTC. */
  since: string;
  /** When the last alert about it was sent, ISO 8601 UTC. */
  announcedAt: string;
  thread: string;
  tags: readonly string[];
}

/** The alerts that were sent, and are still to be sent, about a provider or about the monitor. */
export interface AlertRecord {
  /** The provider's id, or {@link MONITOR_SUBJECT}. */
  subject: string;
  /** Version of the stored record that this one was made from. It grows by one with each write; 0 before the first. */
  version: number;
  /** Time of the newest check that the record takes into account, ISO 8601 UTC. */
  asOf: string;
  open: OpenProblem | null;
  /** The provider flaps: until it has kept its state for 30 minutes, only one more alert is sent, if it is blacklisted. */
  quiet: boolean;
  /** Alerts that not every channel has taken yet, oldest first. */
  unsent: readonly Alert[];
}

/** No provider can have this id. */
export const MONITOR_SUBJECT = '*';

export function newRecord(subject: string): AlertRecord {
  return { subject, version: 0, asOf: new Date(0).toISOString(), open: null, quiet: false, unsent: [] };
}

export function severityOf(problem: AlertProblem): Severity {
  return SEVERITY_OF[problem];
}
