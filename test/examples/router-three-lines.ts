import { createHealthReader } from 'provider-health/reader';

// It reads the table that PROVIDER_HEALTH_TABLE_NAME names: the stack sets it where it grants the table.
export const health = createHealthReader({ providers: ['openai', 'claude', 'glm'] });
await health.warmUp(); // while the process starts, so that the first answer is made of statuses

const { provider } = await health.pick();
console.log(`ask ${provider}`);
