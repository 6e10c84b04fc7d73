/**
 * One DynamoDB table in the few operations that this product needs, each with errors in its words. What the items mean
 * is left to the files beside this one.
 */

import { ConditionalCheckFailedException, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Item } from '../items/fields.ts';
import { type Key, PARTITION_KEY, SORT_KEY } from '../items/keys.ts';
import type { Expression } from './conditions.ts';
import { storeError, toStoreError } from './errors.ts';

export interface QueryInput {
  pk: string;
  /** Sort keys from the first to the last, both inclusive; absent: all. */
  between?: { first: string; last: string };
  /** Begins after this sort key. */
  after?: string;
  newestFirst?: boolean;
  consistent?: boolean;
  filter?: Expression;
  /** Most items that are looked at, before the filter; absent: 1 MB of them. */
  limit?: number;
}

export interface QueryPage {
  items: Item[];
  /** Sort key after which the rest begins; null at the end. */
  lastKey: string | null;
}

export class Table {
  readonly name: string;
  readonly #client: DynamoDBClient;
  readonly #documents: DynamoDBDocumentClient;

  constructor(client: DynamoDBClient, name: string) {
    this.name = name;
    this.#client = client;
    this.#documents = DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
      // By default one number too great for a double fails the whole Query, and with it every provider.
      unmarshallOptions: { wrapNumbers: Number },
    });
  }

  /** Consistent. */
  async get(key: Key): Promise<Item | null> {
    const input = { TableName: this.name, Key: { ...key }, ConsistentRead: true };
    const { Item } = await this.#run('GetItem', () => this.#documents.send(new GetCommand(input)));
    return Item ?? null;
  }

  /** Whether the condition held, so that it was written. */
  put(item: Item, condition?: Expression): Promise<boolean> {
    const input = { TableName: this.name, Item: { ...item }, ...conditionInput(condition) };
    return this.#conditional('PutItem', () => this.#documents.send(new PutCommand(input)));
  }

  /** Sets attributes of an item, which is made if there is none. Whether the condition held. */
  update(key: Key, attributes: Item, condition: Expression): Promise<boolean> {
    const sets = Object.entries(attributes).map(([name, value], index) => ({ name, value, at: index }));
    const input = {
      TableName: this.name,
      Key: { ...key },
      UpdateExpression: `SET ${sets.map(({ at }) => `#set${at} = :set${at}`).join(', ')}`,
      ConditionExpression: condition.text,
      ExpressionAttributeNames: {
        ...condition.names,
        ...Object.fromEntries(sets.map(({ name, at }) => [`#set${at}`, name])),
      },
      ExpressionAttributeValues: {
        ...condition.values,
        ...Object.fromEntries(sets.map(({ value, at }) => [`:set${at}`, value])),
      },
    };
    return this.#conditional('UpdateItem', () => this.#documents.send(new UpdateCommand(input)));
  }

  /** Whether the condition held. */
  delete(key: Key, condition?: Expression): Promise<boolean> {
    const input = { TableName: this.name, Key: { ...key }, ...conditionInput(condition) };
    return this.#conditional('DeleteItem', () => this.#documents.send(new DeleteCommand(input)));
  }

  async query(query: QueryInput): Promise<QueryPage> {
    const { pk, between, after, filter } = query;
    const range = between && { ':first': between.first, ':last': between.last };
    const input = {
      TableName: this.name,
      KeyConditionExpression: `#pk = :pk${range ? ' AND #sk BETWEEN :first AND :last' : ''}`,
      ExpressionAttributeNames: { '#pk': PARTITION_KEY, ...(range && { '#sk': SORT_KEY }), ...filter?.names },
      ExpressionAttributeValues: { ':pk': pk, ...range, ...filter?.values },
      ConsistentRead: query.consistent ?? false,
      ScanIndexForward: !query.newestFirst,
      ...(filter && { FilterExpression: filter.text }),
      ...(query.limit !== undefined && { Limit: query.limit }),
      ...(after !== undefined && { ExclusiveStartKey: { pk, sk: after } }),
    };
    const answer = await this.#run('Query', () => this.#documents.send(new QueryCommand(input)));
    const lastKey = answer.LastEvaluatedKey?.[SORT_KEY];
    return { items: answer.Items ?? [], lastKey: lastKey === undefined ? null : String(lastKey) };
  }

  /** All of a partition, consistent, in the order of the sort keys. */
  async queryAll(pk: string): Promise<Item[]> {
    const items: Item[] = [];
    let after: string | null = null;
    do {
      const page: QueryPage = await this.query({ pk, consistent: true, ...(after !== null && { after }) });
      items.push(...page.items);
      after = page.lastKey;
    } while (after !== null);
    return items;
  }

  /** Puts at most 25 items with different keys. Those that the table had no capacity for. */
  async putBatch(items: readonly Item[]): Promise<Item[]> {
    const requests = items.map((item) => ({ PutRequest: { Item: { ...item } } }));
    const command = new BatchWriteCommand({ RequestItems: { [this.name]: requests } });
    const answer = await this.#run('BatchWriteItem', () => this.#documents.send(command));
    return (answer.UnprocessedItems?.[this.name] ?? []).flatMap(({ PutRequest }) => PutRequest?.Item ?? []);
  }

  /** @throws {StoreError} When the table does not answer, or its keys are not ours. */
  async verify(): Promise<void> {
    const command = new DescribeTableCommand({ TableName: this.name });
    const { Table } = await this.#run('DescribeTable', () => this.#client.send(command));
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

  async #conditional(operation: string, send: () => Promise<unknown>): Promise<boolean> {
    try {
      await this.#run(operation, send);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async #run<T>(operation: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw error;
      throw toStoreError(error, await this.#described(), operation) ?? error;
    }
  }

  /** The table with where it is sought, for messages. */
  async #described(): Promise<string> {
    const { endpoint, region } = this.#client.config;
    const at = await endpoint?.();
    if (at) return `DynamoDB table ${this.name} at ${at.protocol}//${at.hostname}${at.port ? `:${at.port}` : ''}`;
    return `DynamoDB table ${this.name} in ${await region().catch(() => 'no region (set AWS_REGION)')}`;
  }
}

function conditionInput(condition: Expression | undefined) {
  return (
    condition && {
      ConditionExpression: condition.text,
      ExpressionAttributeNames: { ...condition.names },
      // Whether an attribute exists needs no value, and DynamoDB refuses an empty map of them.
      ...(Object.keys(condition.values).length > 0 && { ExpressionAttributeValues: { ...condition.values } }),
    }
  );
}
