/** Computes the bill of a month: usage times prices. */

import { OTHER_TOKEN_PRICE, PRICES, TOKEN_PRICES, type TokenPrice } from './prices.ts';
import type { Usage } from './usage.ts';

export interface BillLine {
  what: string;
  dollars: number;
}

export interface Bill {
  lines: BillLine[];
  /** The sum of the lines in dollars: AWS only, without tokens. */
  monitor: number;
  /** The tokens of the probes, in dollars. */
  tokens: number;
}

/** @param tokenPrices Prices by model. They override those of prices.ts. */
export function billOf(usage: Usage, tokenPrices: Readonly<Record<string, TokenPrice>> = {}): Bill {
  const lines = [
    {
      what: `${millions(usage.writeUnits)} write units`,
      dollars: perMillion(usage.writeUnits, PRICES.writeUnitsPerMillion),
    },
    {
      what: `${millions(usage.readUnits)} read units`,
      dollars: perMillion(usage.readUnits, PRICES.readUnitsPerMillion),
    },
    { what: `${thousands(usage.gibSeconds)} GB-seconds of Lambda`, dollars: usage.gibSeconds * PRICES.gibSecond },
    {
      what: `${millions(usage.invocations)} invocations`,
      dollars: perMillion(usage.invocations, PRICES.invocationsPerMillion),
    },
    { what: 'logs', dollars: usage.logGib * PRICES.logGib },
  ];
  const monitor = lines.reduce((total, { dollars }) => total + dollars, 0);
  const tokens = usage.tokens.reduce((total, { model, input, output }) => {
    const price = tokenPrices[model] ?? TOKEN_PRICES[model] ?? OTHER_TOKEN_PRICE;
    return total + perMillion(input, price.input) + perMillion(output, price.output);
  }, 0);
  return { lines, monitor, tokens };
}

/** The bill in one line, for people. */
export function billText({ lines, monitor, tokens }: Bill): string {
  const parts = lines.map(({ what, dollars }) => `${what} ${dollarsText(dollars)}`).join(', ');
  return (
    `about ${dollarsText(monitor)} a month and ${dollarsText(tokens)} of tokens, at list prices of ${PRICES.region} ` +
    `(${PRICES.asOf}): ${parts}. Metrics, alarms and the dashboard beyond the free ones, and the API's requests, are not in it.`
  );
}

export function dollarsText(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}

function perMillion(count: number, price: number): number {
  return (count / 1e6) * price;
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(2)} million`;
}

function thousands(count: number): string {
  return `${Math.round(count / 1000)} thousand`;
}
