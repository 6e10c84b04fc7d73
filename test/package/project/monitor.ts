/** A program that monitors in its own process, without AWS. */

import { type HealthCheck, HealthChecker, type HealthSummary } from 'provider-health';

const checker = new HealthChecker({ addressPolicy: 'loopback', timeoutSeconds: 20 });
const { PROVIDER_URL: baseUrl, PROVIDER_MODEL: model } = process.env;
await checker.registerProvider({
  id: 'mine',
  type: 'openai',
  apiKey: 'env:PROVIDER_KEY',
  model,
  baseUrl,
});
const check: HealthCheck = await checker.manualHealthCheck('mine');
const summary: HealthSummary = await checker.getHealthSummary();
await checker.stopHealthChecks();
console.log(
  JSON.stringify({ isHealthy: check.isHealthy, errorMessage: check.errorMessage, healthy: summary.healthyProviders }),
);
