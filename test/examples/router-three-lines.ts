import { createHealthReader } from 'provider-health/reader';

export const health = createHealthReader({ tableName: 'provider-health', providers: ['openai', 'claude', 'glm'] });
const { provider } = await health.pick();

console.log(`ask ${provider}`);
