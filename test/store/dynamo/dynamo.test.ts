import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { makeTable, startTable } from '../../support/table.ts';
import { describeStore } from '../contract.ts';

/**
 * URL of a DynamoDB to run the suite on as well, such as DynamoDB Local or `https://dynamodb.eu-central-1.amazonaws.com`
 * (credentials and AWS_REGION as the AWS SDK finds them). The suite makes a table `provider-health-test-…` there and
 * deletes it at the end.
 */
const endpoint = process.env.STORE_TEST_ENDPOINT;

const GROUNDS = [
  { name: 'in the embedded DynamoDB', start: startTable },
  ...(endpoint ? [{ name: `in DynamoDB at ${endpoint}`, start: () => makeTable(endpoint) }] : []),
];

for (const { name, start } of GROUNDS) {
  describeStore(name, async () => {
    const table = await start();
    return {
      empty: () => table.empty(),
      open: (now) => createDynamoStore({ tableName: table.tableName, client: table.client, now }),
      close: () => table.close(),
    };
  });
}
