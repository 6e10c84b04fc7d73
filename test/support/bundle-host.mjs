/** Runs in a process of its own, as Lambda's runtime does: imports one bundled handler, then answers event by event. */

const { handler } = await import(process.argv[2]);

process.on('message', async ({ event, requestId, remainingMs }) => {
  const endsAt = Date.now() + remainingMs;
  const context = {
    awsRequestId: requestId,
    functionName: 'provider-health-test',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:provider-health-test',
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/provider-health-test',
    logStreamName: 'test',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  };
  try {
    process.send({ result: await handler(event, context) });
  } catch (error) {
    process.send({ error: `${error.name}: ${error.message}` });
  }
});

process.send({ ready: process.version });
