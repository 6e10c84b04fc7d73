/**
 * The operations on one DynamoDB table that this product needs, with the store's errors. The other files in this folder know
 * what the items mean.
 */

import { type AttributeMap, fromAttributes, toAttributes } from '../items/attributes.ts';
import { type Key, PARTITION_KEY, SORT_KEY } from '../items/keys.ts';
import type { Item } from '../items/kinds.ts';
import { type DynamoClient, isConditionFailed } from './client.ts';
import { type Expression, textOf } from './conditions.ts';
import { storeError, toStoreError } from './errors.ts';

export interface QueryInput {
  pk: string;
  /** Sort keys from the first to the last, both inclusive; absent: all. */
  between?: { first: string; last: string };
  /** Reading begins after this sort key. */
  after?: string;
  newestFirst?: boolean;
  consistent?: boolean;
  filter?: Expression;
  /** Names of the attributes to return; absent: all. It changes no read units. */
  only?: readonly string[];
  /** The most items to read, before the filter; absent: 1 MB. */
  limit?: number;
}

export interface QueryPage {
  items: Item[];
  /** The sort key of the last item that was read; null when there are no more items. */
  lastKey: string | null;
}

/** The answers of the operations: only the fields that are used here. */
interface Answers {
  GetItem: { Item?: AttributeMap };
  PutItem: object;
  UpdateItem: object;
  DeleteItem: object;
  Query: { Items?: AttributeMap[]; LastEvaluatedKey?: AttributeMap };
  BatchGetItem: {
    Responses?: Record<string, AttributeMap[]>;
    UnprocessedKeys?: Record<string, { Keys: AttributeMap[] }>;
  };
  BatchWriteItem: { UnprocessedItems?: Record<string, { PutRequest?: { Item: AttributeMap } }[]> };
  DescribeTable: {
    Table?: {
      AttributeDefinitions?: { AttributeName: string; AttributeType: string }[];
      KeySchema?: { AttributeName: string; KeyType: string }[];
    };
  };
}

/** The most keys of one BatchGetItem. */
const MOST_KEYS = 100;

export class Table {
  readonly name: string;
  readonly #client: DynamoClient;

  constructor(client: DynamoClient, name: string) {
    this.name = name;
    this.#client = client;
  }

  /** A strongly consistent read. Null when the item does not exist. */
  async get(key: Key): Promise<Item | null> {
    const { Item } = await this.#send('GetItem', { Key: toAttributes({ ...key }), ConsistentRead: true });
    return Item ? fromAttributes(Item) : null;
  }

  /** Writes an item. False when the condition did not hold, so nothing was written. */
  put(item: Item, condition?: Expression): Promise<boolean> {
    return this.#conditional('PutItem', { Item: toAttributes(item), ...conditionInput(condition) });
  }

  /** Sets attributes of an item, and creates the item if needed. False when the condition did not hold. */
  update(key: Key, attributes: Item, condition: Expression): Promise<boolean> {
    const sets = Object.entries(attributes).map(([name, value], index) => ({ name, value, at: index }));
    return this.#conditional('UpdateItem', {
      Key: toAttributes({ ...key }),
      UpdateExpression: `SET ${sets.map(({ at }) => `#set${at} = :set${at}`).join(', ')}`,
      ConditionExpression: textOf(condition),
      ExpressionAttributeNames: {
        ...condition.names,
        ...Object.fromEntries(sets.map(({ name, at }) => [`#set${at}`, name])),
      },
      ExpressionAttributeValues: toAttributes({
        ...condition.values,
        ...Object.fromEntries(sets.map(({ value, at }) => [`:set${at}`, value])),
      }),
    });
  }

  /** Deletes an item. False when the condition did not hold. */
  delete(key: Key, condition?: Expression): Promise<boolean> {
    return this.#conditional('DeleteItem', { Key: toAttributes({ ...key }), ...conditionInput(condition) });
  }

  async query(query: QueryInput): Promise<QueryPage> {
    const { pk, between, after, filter } = query;
    const range = between && { ':first': between.first, ':last': between.last };
    const only = query.only && projectionOf(query.only);
    const answer = await this.#send('Query', {
      KeyConditionExpression: `#pk = :pk${range ? ' AND #sk BETWEEN :first AND :last' : ''}`,
      ExpressionAttributeNames: {
        '#pk': PARTITION_KEY,
        ...(range && { '#sk': SORT_KEY }),
        ...filter?.names,
        ...only?.names,
      },
      ExpressionAttributeValues: toAttributes({ ':pk': pk, ...range, ...filter?.values }),
      ConsistentRead: query.consistent ?? false,
      ScanIndexForward: !query.newestFirst,
      ...(filter && { FilterExpression: textOf(filter) }),
      ...(only && { ProjectionExpression: only.text }),
      ...(query.limit !== undefined && { Limit: query.limit }),
      ...(after !== undefined && { ExclusiveStartKey: toAttributes({ pk, sk: after }) }),
    });
    const lastKey = answer.LastEvaluatedKey && fromAttributes(answer.LastEvaluatedKey)[SORT_KEY];
    return {
      items: (answer.Items ?? []).map(fromAttributes),
      lastKey: lastKey === undefined ? null : String(lastKey),
    };
  }

  /** All items of a partition, ordered by sort key. It sends a Query for each megabyte. Strongly consistent by default. */
  async queryAll(
    pk: string,
    { consistent = true, only }: Pick<QueryInput, 'consistent' | 'only'> = {},
  ): Promise<Item[]> {
    const items: Item[] = [];
    let after: string | null = null;
    do {
      const page: QueryPage = await this.query({
        pk,
        consistent,
        ...(only && { only }),
        ...(after !== null && { after }),
      });
      items.push(...page.items);
      after = page.lastKey;
    } while (after !== null);
    return items;
  }

  /**
   * The items with these keys, as far as they exist, in no order. Strongly consistent; one request for each 100 keys.
   *
   * @throws {StoreError} `throttled` when the table repeatedly returns none of the rest.
   */
  async getAll(keys: readonly Key[]): Promise<Item[]> {
    const items: Item[] = [];
    let left = keys;
    for (let requests = 0; left.length > 0; requests++) {
      const answer = await this.#getBatch(left.slice(0, MOST_KEYS));
      items.push(...answer.items);
      left = [...left.slice(MOST_KEYS), ...answer.left];
      if (requests > 2 * Math.ceil(keys.length / MOST_KEYS) && answer.items.length === 0 && left.length > 0) {
        const what = `expected ${keys.length} items, got no answer for ${left.length} of them after ${requests} requests`;
        throw storeError('throttled', await this.#described(), what);
      }
    }
    return items;
  }

  /** Reads at most 100 items. `left`: the keys that the table had no capacity for. */
  async #getBatch(keys: readonly Key[]): Promise<{ items: Item[]; left: Key[] }> {
    const Keys = keys.map((key) => toAttributes({ ...key }));
    const answer = await this.#run('BatchGetItem', { RequestItems: { [this.name]: { Keys, ConsistentRead: true } } });
    return {
      items: (answer.Responses?.[this.name] ?? []).map(fromAttributes),
      left: (answer.UnprocessedKeys?.[this.name]?.Keys ?? []).map((key) => fromAttributes(key) as unknown as Key),
    };
  }

  /** Writes at most 25 items with different keys. Returns the items that the table had no capacity for. */
  async putBatch(items: readonly Item[]): Promise<Item[]> {
    const requests = items.map((item) => ({ PutRequest: { Item: toAttributes(item) } }));
    const answer = await this.#run('BatchWriteItem', { RequestItems: { [this.name]: requests } });
    const left = answer.UnprocessedItems?.[this.name] ?? [];
    return left.flatMap(({ PutRequest }) => (PutRequest ? [fromAttributes(PutRequest.Item)] : []));
  }

  /** @throws {StoreError} When the table does not answer, or has other keys than `pk` and `sk`. */
  async verify(): Promise<void> {
    const { Table } = await this.#send('DescribeTable', {});
    const types = new Map(Table?.AttributeDefinitions?.map((one) => [one.AttributeName, one.AttributeType]));
    const keys = (Table?.KeySchema ?? []).map(
      (key) => `${key.AttributeName} (${key.KeyType} ${types.get(key.AttributeName)})`,
    );
    const ours = [`${PARTITION_KEY} (HASH S)`, `${SORT_KEY} (RANGE S)`];
    if (keys.join() !== ours.join()) {
      const what = `expected the keys ${ours.join(' and ')}, got ${keys.join(' and ') || 'none'}`;
      throw storeError('not_ours', await this.#described(), what);
    }
  }

  async #conditional(operation: 'PutItem' | 'UpdateItem' | 'DeleteItem', input: object): Promise<boolean> {
    try {
      await this.#send(operation, input);
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  }

  #send<Operation extends keyof Answers>(operation: Operation, input: object): Promise<Answers[Operation]> {
    return this.#run(operation, { TableName: this.name, ...input });
  }

  async #run<Operation extends keyof Answers>(operation: Operation, input: object): Promise<Answers[Operation]> {
    try {
      return await this.#client.send(operation, input);
    } catch (error) {
      if (isConditionFailed(error)) throw error;
      throw toStoreError(error, await this.#described(), operation) ?? error;
    }
  }

  /** The table's name and place, for messages. */
  async #described(): Promise<string> {
    return `DynamoDB table ${this.name} ${await this.#client.place()}`;
  }
}

/** Through placeholders, since DynamoDB reserves many words, such as `state`. */
function projectionOf(attributes: readonly string[]) {
  const names = Object.fromEntries(attributes.map((name, i) => [`#only${i}`, name]));
  return { names, text: Object.keys(names).join(', ') };
}

function conditionInput(condition: Expression | undefined) {
  return (
    condition && {
      ConditionExpression: textOf(condition),
      ExpressionAttributeNames: { ...condition.names },
      // A test whether an attribute exists needs no value, and DynamoDB refuses an empty map of values.
      ...(Object.keys(condition.values).length > 0 && { ExpressionAttributeValues: toAttributes(condition.values) }),
    }
  );
}
