/**
 * Records which process sent which alert, and what the table knew about it. lib/alerts/outbox/dispatch.ts says when an
 * alert may be sent a second time; this is checked here each time an alert is sent again.
 */

import type { Clock } from '../../../lib/base/clock.ts';
import type { Alert } from '../../../lib/health/alerting/alert.ts';
import type { DeliveryClaim } from '../../../lib/store/store.ts';

/** As in lib/alerts/outbox/dispatch.ts. */
const LEASE_MS = 40_000;

interface Claim {
  atMs: number;
  endsMs: number;
  /** The table already had the note that the alert was sent. */
  isLate: boolean;
  /** Its place among the claims of the alert. */
  index: number;
}

interface Delivery {
  desk: Desk;
  claim: Claim | undefined;
  /** The table has its outcome. */
  isSettled: boolean;
  /** The channel accepted it, but its answer did not arrive. */
  isAnswerLost: boolean;
}

export class Deliveries {
  /** In order. */
  readonly sent: Alert[] = [];
  /** Alerts that were sent once more without a reason, with what was wrong. */
  readonly doubled: string[] = [];
  /** Alerts that were sent once more for a reason. */
  again = 0;
  readonly last = new Map<string, Delivery>();
  /** The processes that claimed each alert, in order. */
  readonly claims = new Map<string, Desk[]>();

  /** The channel of one process. */
  desk(clock: Clock): Desk {
    return new Desk(this, clock);
  }
}

export class Desk {
  readonly #deliveries: Deliveries;
  readonly #clock: Clock;
  readonly #claims = new Map<string, Claim>();

  constructor(deliveries: Deliveries, clock: Clock) {
    this.#deliveries = deliveries;
    this.#clock = clock;
  }

  /** Records the claims and outcomes that the table stored. */
  async watch(name: string, [subject]: readonly unknown[], call: () => Promise<unknown>): Promise<unknown> {
    if (name !== 'alerts.claim' && name !== 'alerts.settle') return call();
    const { alert, now, leaseMs } = subject as DeliveryClaim;
    const before = this.#deliveries.last.get(alert);
    const isLate = before?.isSettled ?? false;
    const answer = await call();
    if (name === 'alerts.settle' && before) before.isSettled = true;
    if (answer === 'claimed') {
      const { claims } = this.#deliveries;
      const earlier = claims.get(alert) ?? [];
      claims.set(alert, [...earlier, this]);
      const atMs = now.getTime();
      this.#claims.set(alert, { atMs, endsMs: atMs + leaseMs, isLate, index: earlier.length });
    }
    return answer;
  }

  /** The channel gets these. */
  take(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const { sent, doubled, last } = this.#deliveries;
      const before = last.get(alert.id);
      const wrong = before && this.#wrongAfter(alert, before);
      if (wrong) doubled.push(`${alert.id}: ${wrong}`);
      if (before) this.#deliveries.again += 1;
      sent.push(alert);
      last.set(alert.id, { desk: this, claim: this.#claims.get(alert.id), isSettled: false, isAnswerLost: false });
    }
  }

  loseAnswer(alerts: readonly Alert[]): void {
    for (const { id } of alerts) {
      const delivery = this.#deliveries.last.get(id);
      if (delivery?.desk === this) delivery.isAnswerLost = true;
    }
  }

  #wrongAfter({ id }: Alert, { claim: before, desk, isAnswerLost }: Delivery): string | null {
    const claim = this.#claims.get(id);
    if (!claim || !before) return 'it was not claimed';
    if (claim.isLate) return 'the table knew that it was sent';
    if (isAnswerLost) return null;
    if (desk === this) return 'this very process had sent it';
    // A lease of one clock is not valid by another: a process that is an hour behind sees the claim as from the future.
    const nowMs = this.#clock.now().getTime();
    const since = this.#deliveries.claims.get(id)?.slice(before.index) ?? [];
    const isComparable = since.every((one) => Math.abs(nowMs - one.#clock.now().getTime()) < LEASE_MS);
    return isComparable && claim.atMs < before.endsMs ? 'another process held it' : null;
  }
}
