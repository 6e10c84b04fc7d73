/**
 * List prices in US dollars, without the free tier. When a price changes, correct it here. docs/costs.md names the source of
 * each price and the date of that page.
 */

export const PRICES = {
  /** When the prices were last compared with their sources, and the region they apply to. */
  asOf: '2026-11',
  region: 'us-east-1',
  /** DynamoDB, on-demand capacity. */
  writeUnitsPerMillion: 0.625,
  readUnitsPerMillion: 0.125,
  /** Lambda, ARM processors. */
  invocationsPerMillion: 0.2,
  gibSecond: 0.0000133334,
  logGib: 0.5,
} as const;

/** Dollars for a million tokens. */
export interface TokenPrice {
  input: number;
  output: number;
}

/** List prices of the providers' default models, by model. A gateway or a contract may have other prices. */
export const TOKEN_PRICES: Readonly<Record<string, TokenPrice>> = {
  'gpt-6-luna': { input: 0.1, output: 0.5 },
  'claude-haiku-5-5': { input: 0.1, output: 0.5 },
  'glm-4.7-flashx': { input: 0.07, output: 0.4 },
  'gemini-3.5-flash-lite': { input: 0.3, output: 2.5 },
};

/** The price of every other model: a guess, for a small model. */
export const OTHER_TOKEN_PRICE: TokenPrice = { input: 0.15, output: 0.6 };
