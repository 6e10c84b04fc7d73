/** Grants other programs what they may do with the table: read the statuses, or report failures. */

import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { TABLE_NAME_VARIABLE } from '../../store/env.ts';
import { REPORT_PARTITION, STATUS_PARTITION } from '../../store/items/keys.ts';

/**
 * A condition that allows only these partitions. The second part is needed because `ForAllValues` alone lets requests
 * without a key pass.
 */
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

/**
 * Sets the variable with the table's name, if the grantee can have variables. A role, or a function of another stack,
 * cannot.
 */
export function nameTable({ tableName }: ITable, grantee: IGrantable): void {
  if ('addEnvironment' in grantee && typeof grantee.addEnvironment === 'function') {
    (grantee as unknown as Variables).addEnvironment(TABLE_NAME_VARIABLE, tableName);
  }
}
