/** TICK items: one conditional write decides who runs a tick. */

import { tickKey } from '../items/keys.ts';
import { claimAttributes, finishedAttributes, heartbeatFromItem } from '../items/tick-item.ts';
import type { Heartbeat, TickClaim, TickStore } from '../store.ts';
import { both, type Expression } from './conditions.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';

export function dynamoTicks(table: Table): TickStore {
  return {
    async claim(claim) {
      // A claim that is sent again, because its answer was lost, comes from the same owner and so succeeds again.
      const condition = both(isUnfinished(claim), isNotHeld(claim));
      return (await table.update(tickKey(claim.shard), claimAttributes(claim), condition)) ? 'claimed' : 'taken';
    },

    async finish(shard, heartbeat, notice = null) {
      await table.update(tickKey(shard), finishedAttributes(heartbeat, notice), isNewest(heartbeat));
    },

    async heartbeat(shard) {
      const item = await table.get(tickKey(shard));
      return item && readable(`tick of shard ${shard}`, () => heartbeatFromItem(item));
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

/** No newer tick was claimed, and this one by nobody, by the same owner, or by one whose lease is over. */
function isNotHeld({ tick, owner, now }: TickClaim): Expression {
  return {
    text:
      '(attribute_not_exists(#tick) OR #tick < :tick' +
      ' OR (#tick = :tick AND (#owner = :owner OR #leaseUntil <= :now)))',
    names: { '#tick': 'tick', '#owner': 'owner', '#leaseUntil': 'leaseUntil' },
    values: { ':tick': tick, ':owner': owner, ':now': now.getTime() },
  };
}

function isNewest({ tick }: Heartbeat): Expression {
  return {
    text: '(attribute_not_exists(#finished) OR #finished.#tick <= :tick)',
    names: { '#finished': 'finished', '#tick': 'tick' },
    values: { ':tick': tick },
  };
}
