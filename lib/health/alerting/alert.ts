/** Alerts, and the record of what was announced about a provider. next-alert.ts has the rules that make them. */

import type { Category, Fault } from '../category.ts';
import type { State } from '../transition.ts';
import type { Severity } from './alert-settings.ts';

/** `flapping`: 4 changes of state in 30 minutes. `monitor_fault`: the monitor's own network fails, so nothing is known of any provider. */
export const ALERT_PROBLEMS = ['outage', 'action_needed', 'flapping', 'monitor_fault'] as const;

export type AlertProblem = (typeof ALERT_PROBLEMS)[number];

/** `opened` also announces a problem that turned into another one. */
export const ALERT_PHASES = ['opened', 'reminder', 'recovered'] as const;

export type AlertPhase = (typeof ALERT_PHASES)[number];

const SEVERITY_OF: Record<AlertProblem, Severity> = {
  outage: 'critical',
  action_needed: 'error',
  flapping: 'warning',
  monitor_fault: 'warning',
};

/** One announcement. */
export interface Alert {
  /** Unique, and the same whenever it is made of the same status. */
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
  /** Of the check that it is about, ISO 8601 UTC. */
  at: string;
  /** From `since` to `at`. */
  lastedMs: number;
  /** Why the last check failed; null when it is over. */
  category: Category | null;
  fault: Fault | null;
  /** At most 300 characters, without secrets. */
  errorMessage: string | null;
  /** Names all alerts of one problem, from its opening to its end, and of the problems announced with it. */
  thread: string;
  /** Which incident of the provider this is in 24 hours, from 1; null where it was not counted. */
  ordinal: number | null;
}

/** A problem that was announced and is still going on. */
export interface OpenProblem {
  problem: AlertProblem;
  /** ISO 8601 UTC. */
  since: string;
  /** When an alert was last sent about it. */
  announcedAt: string;
  thread: string;
  tags: readonly string[];
}

/** What was announced about a provider, or about the monitor. */
export interface AlertRecord {
  /** The provider's id, or {@link MONITOR_SUBJECT}. */
  subject: string;
  /** Of the stored record that it was made from, which grows by one with each write; 0 before the first. */
  version: number;
  /** Of the newest check that it takes into account, ISO 8601 UTC. */
  asOf: string;
  open: OpenProblem | null;
  /** It flaps: no more alerts until it has kept its state for 30 minutes. */
  quiet: boolean;
  /** Alerts that were decided and that not every channel has taken yet, oldest first. */
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
