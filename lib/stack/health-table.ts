/**
 * The table that everything is kept in, and who may do what with it. What lies in it is lib/store's; the functions'
 * own rights are given by the constructs that make them.
 */

import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { TABLE_NAME_VARIABLE } from '../store/env.ts';
import {
  ALERT_PARTITION,
  deliveryKey,
  PARTITION_KEY,
  REPORT_PARTITION,
  SORT_KEY,
  STATUS_PARTITION,
  TRANSITION_PARTITION,
  TTL_ATTRIBUTE,
} from '../store/items/keys.ts';

/** What the store asks of the table to read it; DescribeTable is how it makes sure that the table is ours. */
const READ_ACTIONS = ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:Query'];

/** No scan and no transaction: the store uses neither. */
const WRITE_ACTIONS = ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** What sending alerts needs, of the items below. */
const ALERT_ACTIONS = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
/** What was told, what changed, and the deliveries of every alert; so that alerts change no status. */
const ALERT_PARTITIONS = [ALERT_PARTITION, TRANSITION_PARTITION, deliveryKey('*', '').pk];

const STREAM_ACTIONS = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];

export interface HealthTableProps {
  /**
   * What becomes of the table when the stack is deleted. With RETAIN it is also protected against deletion by hand.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

export class HealthTable extends Construct {
  readonly table: Table;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: HealthTableProps = {}) {
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: AttributeType.STRING },
      // A monitor's load is small and even, but ten times as high while somebody looks at its pages: nothing to provision.
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: TTL_ATTRIBUTE,
      // A change of state is told by comparing the two images.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    });
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) throw new Error('table: expected a stream, got none');
    this.streamArn = tableStreamArn;
  }

  /**
   * Lets a function read the statuses, and nothing else of the table, through lib/reader: the permission, and the
   * variable by which the reader finds the table.
   */
  grantRead(fn: LambdaFunction): Grant {
    fn.addEnvironment(TABLE_NAME_VARIABLE, this.table.tableName);
    return Grant.addToPrincipal({
      grantee: fn,
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      resourceArns: [this.table.tableArn],
      conditions: onlyIn('StringEquals', [STATUS_PARTITION]),
    });
  }

  /**
   * Lets a function report failures of real traffic, through lib/reader's reporter. All that it can bring about with it is
   * a check more.
   */
  grantReport(fn: LambdaFunction): Grant {
    fn.addEnvironment(TABLE_NAME_VARIABLE, this.table.tableName);
    return Grant.addToPrincipal({
      grantee: fn,
      actions: ['dynamodb:PutItem'],
      resourceArns: [this.table.tableArn],
      conditions: onlyIn('StringEquals', [REPORT_PARTITION]),
    });
  }

  /** Lets one of the monitor's own functions read every item. */
  grantReadAll(fn: LambdaFunction): Grant {
    return this.#grant(fn, READ_ACTIONS);
  }

  /** Lets one of the monitor's own functions read and write every item. */
  grantReadWrite(fn: LambdaFunction): Grant {
    return this.#grant(fn, [...READ_ACTIONS, ...WRITE_ACTIONS]);
  }

  /** Lets the function that sends alerts keep its own items. */
  grantAlerts(fn: LambdaFunction): Grant {
    fn.addEnvironment(TABLE_NAME_VARIABLE, this.table.tableName);
    return Grant.addToPrincipal({
      grantee: fn,
      actions: ALERT_ACTIONS,
      resourceArns: [this.table.tableArn],
      conditions: onlyIn('StringLike', ALERT_PARTITIONS),
    });
  }

  /** Lets Lambda read the stream for a function. */
  grantStream(fn: LambdaFunction): Grant {
    return Grant.addToPrincipal({ grantee: fn, actions: STREAM_ACTIONS, resourceArns: [this.streamArn] });
  }

  #grant(fn: LambdaFunction, actions: string[]): Grant {
    fn.addEnvironment(TABLE_NAME_VARIABLE, this.table.tableName);
    return Grant.addToPrincipal({ grantee: fn satisfies IGrantable, actions, resourceArns: [this.table.tableArn] });
  }
}

/** Of all partitions only these. A request that names no key passes `ForAllValues`, since nothing is not among them. */
function onlyIn(operator: 'StringEquals' | 'StringLike', partitions: readonly string[]) {
  return {
    [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': partitions },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
