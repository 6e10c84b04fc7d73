/**
 * List prices in US dollars, without what an account has for free: the one place to correct when they change. Where each was
 * read, and when that page was written, is in docs/costs.md.
 */

export const PRICES = {
  /** When they were last compared with pages on them; of which region. */
  asOf: '2026-11',
  region: 'us-east-1',
  /** DynamoDB on demand. */
  writeUnitsPerMillion: 0.625,
  readUnitsPerMillion: 0.125,
  /** Lambda on ARM. */
  invocationsPerMillion: 0.2,
  gibSecond: 0.0000133334,
  logGib: 0.5,
} as const;

/** Dollars for a million tokens. */
export interface TokenPrice {
  input: number;
  output: number;
}

/** By model: the types' usual models, as their providers list them. Not what a gateway or a contract makes of it. */
export const TOKEN_PRICES: Readonly<Record<string, TokenPrice>> = {
  'gpt-6-luna': { input: 0.1, output: 0.5 },
  'claude-haiku-5-5': { input: 0.1, output: 0.5 },
  'glm-4.7-flashx': { input: 0.07, output: 0.4 },
  'gemini-3.5-flash-lite': { input: 0.3, output: 2.5 },
};

/** Of every other model: a guess, of a small one. */
export const OTHER_TOKEN_PRICE: TokenPrice = { input: 0.15, output: 0.6 };
