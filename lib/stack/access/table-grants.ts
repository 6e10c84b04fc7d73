/** What a program of the user may do with the table: read the statuses, or report failures, and nothing else. */

import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { TABLE_NAME_VARIABLE } from '../../store/env.ts';
import { REPORT_PARTITION, STATUS_PARTITION } from '../../store/items/keys.ts';

/** Of all partitions only these. A request that names no key passes `ForAllValues`, since nothing is not among them. */
export function onlyIn(operator: 'StringEquals' | 'StringLike', partitions: readonly string[]) {
  return {
    [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': partitions },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

export function grantStatuses(table: ITable, grantee: IGrantable): Grant {
  nameTable(table, grantee);
  table.encryptionKey?.grantDecrypt(grantee);
  return Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:GetItem', 'dynamodb:Query'],
    resourceArns: [table.tableArn],
    conditions: onlyIn('StringEquals', [STATUS_PARTITION]),
  });
}

export function grantReports(table: ITable, grantee: IGrantable): Grant {
  nameTable(table, grantee);
  table.encryptionKey?.grantEncryptDecrypt(grantee);
  return Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:PutItem'],
    resourceArns: [table.tableArn],
    conditions: onlyIn('StringEquals', [REPORT_PARTITION]),
  });
}

interface Variables {
  addEnvironment(name: string, value: string): unknown;
}

/** Sets the variable that names the table where there can be one: a role, or a function of another stack, has none. */
export function nameTable({ tableName }: ITable, grantee: IGrantable): void {
  if ('addEnvironment' in grantee && typeof grantee.addEnvironment === 'function') {
    (grantee as unknown as Variables).addEnvironment(TABLE_NAME_VARIABLE, tableName);
  }
}
