/** TICK items: one conditional write decides who runs a tick. */

import { horizonOf } from '../../health/future.ts';
import { tickKey } from '../items/keys.ts';
import { claimAttributes, finishedAttributes, heartbeatFromItem, verdictOn } from '../items/tick-item.ts';
import { lastLeaseMs } from '../lease.ts';
import type { Heartbeat, TickClaim, TickStore } from '../store.ts';
import { both, type Expression } from './conditions.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';

export function dynamoTicks(table: Table): TickStore {
  return {
    async claim(claim) {
      // A claim that is sent again, because its answer was lost, comes from the same owner and so succeeds again.
      const key = tickKey(claim.shard);
      const attributes = claimAttributes(claim);
      if (await table.update(key, attributes, both(isUnfinished(claim), isNotHeld(claim)))) return 'claimed';
      const item = await table.get(key);
      const found = item && readable(`tick of shard ${claim.shard}`, () => verdictOn(item, claim));
      if (found !== 'overridden') return 'taken';
      const condition = both(isUnfinishedOrAhead(claim), isNotHeldOrAhead(claim));
      return (await table.update(key, attributes, condition)) ? 'overridden' : 'taken';
    },

    async finish(shard, heartbeat, notice = null) {
      await table.update(tickKey(shard), finishedAttributes(heartbeat, notice), isNewest(heartbeat));
    },

    async heartbeat(shard) {
      const item = await table.get(tickKey(shard));
      return item && readable(`tick of shard ${shard}`, () => heartbeatFromItem(item));
    },

    async heartbeats(shards) {
      const items = new Map((await table.getAll(shards.map(tickKey))).map((item) => [item.sk, item]));
      return shards.map((shard) => {
        const item = items.get(shard);
        return item === undefined ? null : readable(`tick of shard ${shard}`, () => heartbeatFromItem(item));
      });
    },
  };
}

/** Neither this tick nor a newer one was finished. */
function isUnfinished({ tick }: TickClaim): Expression {
  return {
    text: '(attribute_not_exists(#finished) OR #finished.#tick < :tick)',
    names: { '#finished': 'finished', '#tick': 'tick' },
    values: { ':tick': tick },
  };
}

/** No newer tick was claimed, and this one by none, by the same owner, or by one whose lease is over. */
function isNotHeld({ tick, owner, now }: TickClaim): Expression {
  return {
    text:
      '(attribute_not_exists(#tick) OR #tick < :tick' +
      ' OR (#tick = :tick AND (#owner = :owner OR #leaseUntil <= :now)))',
    names: { '#tick': 'tick', '#owner': 'owner', '#leaseUntil': 'leaseUntil' },
    values: { ':tick': tick, ':owner': owner, ':now': now.getTime() },
  };
}

/** As {@link isUnfinished}; a tick that was finished in the future does not count. */
function isUnfinishedOrAhead(claim: TickClaim): Expression {
  const { text, names, values } = isUnfinished(claim);
  return {
    text: `(${text} OR #finished.#tick > :horizon)`,
    names,
    values: { ...values, ':horizon': horizonOf(claim.now) },
  };
}

/** As {@link isNotHeld}; neither does a claim of a tick in the future, nor a lease that ends too late. */
function isNotHeldOrAhead(claim: TickClaim): Expression {
  const { text, names, values } = isNotHeld(claim);
  return {
    text: `(${text} OR #tick > :horizon OR (#tick = :tick AND #leaseUntil > :lastLease))`,
    names,
    values: { ...values, ':horizon': horizonOf(claim.now), ':lastLease': lastLeaseMs(claim.now, claim.leaseMs) },
  };
}

function isNewest({ tick, finishedAt }: Heartbeat): Expression {
  return {
    text: '(attribute_not_exists(#finished) OR #finished.#tick <= :tick OR #finished.#tick > :horizon)',
    names: { '#finished': 'finished', '#tick': 'tick' },
    values: { ':tick': tick, ':horizon': horizonOf(new Date(finishedAt)) },
  };
}
