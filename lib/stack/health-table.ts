/** The DynamoDB table of the monitor, and methods that grant rights to it. Not here: its items (lib/store). */

import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ConfigError } from '../config/error.ts';
import {
  ALERT_PARTITION,
  announcedPartition,
  deliveryKey,
  PARTITION_KEY,
  SORT_KEY,
  TRANSITION_PARTITION,
  TTL_ATTRIBUTE,
} from '../store/items/keys.ts';
import { grantReports, grantStatuses, nameTable, onlyIn } from './access/table-grants.ts';

/** Actions of the store's reads. */
const READ_ACTIONS = ['dynamodb:GetItem', 'dynamodb:Query'];

/** Further action of pages and ticks: they read many statuses by key. */
const READ_SOME_ACTIONS = ['dynamodb:BatchGetItem'];

/** Actions of manual checks and changes. No scans and no transactions: the store uses neither. */
const CHANGE_ACTIONS = ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem'];

/** Further action of ticks: claims are updates. */
const TICK_ACTIONS = ['dynamodb:UpdateItem'];

/** Actions for sending alerts, allowed only on ALERT_PARTITIONS. */
const ALERT_ACTIONS = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
/**
 * The partitions of alert records, transitions, deliveries and sent alerts. So the alerts function cannot change a
 * status.
 */
const ALERT_PARTITIONS = [ALERT_PARTITION, TRANSITION_PARTITION, deliveryKey('*', '').pk, announcedPartition('*')];

const STREAM_ACTIONS = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];

const STREAM_ARN = /^(arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/[A-Za-z0-9_.-]{3,255})\/stream\/[0-9T:.-]+$/;

export interface HealthTableProps {
  /** An existing table with its stream. @default - a new table */
  readonly table?: ITable | undefined;
  /** The same, by the ARN of its stream. @default - a new table */
  readonly tableStreamArn?: string | undefined;
  /**
   * Customer managed KMS key of a new table, or of the one that `tableStreamArn` names. @default - a key of DynamoDB
   */
  readonly encryptionKey?: IKey | undefined;
  /**
   * Whether the table is kept when the stack is deleted. RETAIN also protects it against deletion by hand.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

export class HealthTable extends Construct {
  readonly table: ITable;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: HealthTableProps = {}) {
    super(scope, id);
    this.table = props.table ?? this.#existing(props) ?? this.#create(props);
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) {
      const message =
        'expected a table with the ARN of its stream, got none. Write Table.fromTableAttributes(this, "Table", { tableName, tableStreamArn })';
      throw new ConfigError([{ path: 'table', message }]);
    }
    this.streamArn = tableStreamArn;
  }

  #existing({ tableStreamArn, encryptionKey }: HealthTableProps): ITable | undefined {
    if (tableStreamArn === undefined) return undefined;
    const tableArn = STREAM_ARN.exec(tableStreamArn)?.[1];
    if (tableArn === undefined) {
      const message =
        'expected the ARN of the stream of a table, such as "arn:aws:dynamodb:eu-central-1:111122223333:table/NAME/stream/2026-01-01T00:00:00.000", got ' +
        JSON.stringify(tableStreamArn);
      throw new ConfigError([{ path: 'tableStreamArn', message }]);
    }
    return Table.fromTableAttributes(this, 'Existing', {
      tableArn,
      tableStreamArn,
      ...(encryptionKey && { encryptionKey }),
    });
  }

  #create({ removalPolicy = RemovalPolicy.RETAIN, encryptionKey }: HealthTableProps): Table {
    return new Table(this, 'Table', {
      partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: AttributeType.STRING },
      // On demand, since the load is small and even, but ten times as high while people look at pages.
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: TTL_ATTRIBUTE,
      // Both images, since a transition shows in their difference.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
      removalPolicy,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    });
  }

  /**
   * Lets a function or a role read the statuses, and nothing else of the table, through lib/reader. Also sets the
   * variable with the table's name, if the grantee can have variables.
   */
  grantRead(grantee: IGrantable): Grant {
    return grantStatuses(this.table, grantee);
  }

  /**
   * Lets a function or a role report failures of real traffic, through lib/reader's reporter. A report can only cause
   * an additional check.
   */
  grantReport(grantee: IGrantable): Grant {
    return grantReports(this.table, grantee);
  }

  /** Lets one of the monitor's own functions read every item. */
  grantReadAll(fn: LambdaFunction): Grant {
    this.table.encryptionKey?.grantDecrypt(fn);
    return this.#grant(fn, [...READ_ACTIONS, ...READ_SOME_ACTIONS]);
  }

  /** Lets one of the monitor's own functions read and write every item, but not claim ticks. */
  grantChanges(fn: LambdaFunction): Grant {
    this.table.encryptionKey?.grantEncryptDecrypt(fn);
    return this.#grant(fn, [...READ_ACTIONS, ...CHANGE_ACTIONS]);
  }

  /** Lets one of the monitor's own functions read and write every item. */
  grantReadWrite(fn: LambdaFunction): Grant {
    this.table.encryptionKey?.grantEncryptDecrypt(fn);
    return this.#grant(fn, [...READ_ACTIONS, ...READ_SOME_ACTIONS, ...CHANGE_ACTIONS, ...TICK_ACTIONS]);
  }

  /** Lets the alerts function read and write its own items. */
  grantAlerts(fn: LambdaFunction): Grant {
    nameTable(this.table, fn);
    this.table.encryptionKey?.grantEncryptDecrypt(fn);
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
    nameTable(this.table, fn);
    return Grant.addToPrincipal({ grantee: fn, actions, resourceArns: [this.table.tableArn] });
  }
}
