/** TICK items: one conditional write decides who runs a tick. */

import { horizonOf } from '../../health/future.ts';
import { tickKey } from '../items/keys.ts';
import { claimAttributes, finishedAttributes, heartbeatFromItem, verdictOn } from '../items/tick-item.ts';
import { lastLeaseMs } from '../lease.ts';
import type { Heartbeat, TickClaim, TickStore } from '../store.ts';
import { both, type Expression, either } from './conditions.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';

export function dynamoTicks(table: Table): TickStore {
  return {
    async claim(claim) {
      // A claim that is sent again, because its answer was lost, has the same owner, so it succeeds again.
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

/** Neither this tick nor a newer one is finished. */
function isUnfinished({ tick }: TickClaim): Expression {
  return {
    anyOf: [['attribute_not_exists(#finished)'], ['#finished.#tick < :tick']],
    names: { '#finished': 'finished', '#tick': 'tick' },
    values: { ':tick': tick },
  };
}

/** No newer tick is claimed. This tick is not claimed, or is claimed by the same owner, or its lease is over. */
function isNotHeld({ tick, owner, now }: TickClaim): Expression {
  return {
    anyOf: [
      ['attribute_not_exists(#tick)'],
      ['#tick < :tick'],
      ['#tick = :tick', '#owner = :owner'],
      ['#tick = :tick', '#leaseUntil <= :now'],
    ],
    names: { '#tick': 'tick', '#owner': 'owner', '#leaseUntil': 'leaseUntil' },
    values: { ':tick': tick, ':owner': owner, ':now': now.getTime() },
  };
}

/** {@link isUnfinished}, but ignores a finished tick from the future. */
function isUnfinishedOrAhead(claim: TickClaim): Expression {
  return either(isUnfinished(claim), {
    anyOf: [['#finished.#tick > :horizon']],
    names: {},
    values: { ':horizon': horizonOf(claim.now) },
  });
}

/** {@link isNotHeld}, but ignores a claimed tick from the future, and a lease that ends too far in the future. */
function isNotHeldOrAhead(claim: TickClaim): Expression {
  return either(isNotHeld(claim), {
    anyOf: [['#tick > :horizon'], ['#tick = :tick', '#leaseUntil > :lastLease']],
    names: {},
    values: { ':horizon': horizonOf(claim.now), ':lastLease': lastLeaseMs(claim.now, claim.leaseMs) },
  });
}

function isNewest({ tick, finishedAt }: Heartbeat): Expression {
  return {
    anyOf: [['attribute_not_exists(#finished)'], ['#finished.#tick <= :tick'], ['#finished.#tick > :horizon']],
    names: { '#finished': 'finished', '#tick': 'tick' },
    values: { ':tick': tick, ':horizon': horizonOf(new Date(finishedAt)) },
  };
}
