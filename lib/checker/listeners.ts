/** Calls the event listeners of a HealthChecker. An error that a listener throws changes neither a check nor a tick. */

import type { EventEmitter } from 'node:events';
import type { OnNotices } from '../alerts/notice.ts';
import type { SentAlert } from '../alerts/sent.ts';
import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import type { HealthCheck } from '../health/check.ts';
import type { Transition } from '../health/transition.ts';
import type { TickReport } from './tick/report.ts';

export interface HealthCheckerEvents {
  /** Each check that was stored and counted. */
  check: [HealthCheck];
  /** Each change of state. */
  transition: [Transition];
  /** Each tick of the schedule that ended. */
  tick: [TickReport];
  /** Each tick in which the monitor's own network failed, so that failures of its kinds changed no status. */
  monitorFault: [TickReport];
  /** Each message about alerts that a channel of `config` took. */
  alert: [SentAlert];
}

/** Emits an event, and logs the error of a listener. */
export type Announce = <Name extends keyof HealthCheckerEvents>(
  event: Name,
  subject: HealthCheckerEvents[Name][0],
) => void;

export function announcer(emitter: EventEmitter<HealthCheckerEvents>, log: Log): Announce {
  return (event, subject) => {
    try {
      (emitter as EventEmitter).emit(event, subject);
    } catch (cause) {
      log.error('listener failed', { event, error: messageOf(cause) });
    }
  };
}

/** Wraps a function so that it never rejects: its error is logged. It is not called with an empty list. */
export function neverRejecting(onNotices: OnNotices, log: Log): OnNotices {
  return async (notices) => {
    if (notices.length === 0) return;
    try {
      await onNotices(notices);
    } catch (cause) {
      log.error('notices not handed on', { notices: notices.length, error: messageOf(cause) });
    }
  };
}
