/** The health score and the routing score. Both are pure, and need much less than a microsecond. */

/** Above this response time the health score is the same for all healthy providers. */
const HEALTH_SCORE_CEILING_MS = 1000;

const SPEED_WEIGHT = 0.6;
const HEALTH_WEIGHT = 0.4;

/**
 * The health score of one check, 0.0 to 1.0: 0.6 for speed and 0.4 for being healthy.
 *
 * It has two traps. A provider that fails fast outscores a healthy slow one (a failure after 10 ms scores 0.594, an
 * answer after 2 s scores 0.4), and above 1000 ms all healthy ones tie at 0.4. Select by {@link routingScore} instead.
 *
 * @example healthScore({ responseTimeMs: 250, isHealthy: true }) // 0.85
 */
export function healthScore(check: { responseTimeMs: number; isHealthy: boolean }): number {
  const speed = Math.max(0, 1 - check.responseTimeMs / HEALTH_SCORE_CEILING_MS);
  return SPEED_WEIGHT * speed + HEALTH_WEIGHT * (check.isHealthy ? 1 : 0);
}

/** The input of the routing score: the recent checks in figures. */
export interface RoutingFigures {
  /** Typical time of a good check, from the last 5 answers; null when there was none. */
  typicalResponseMs: number | null;
  /** Share of good checks among the last 20, 0 to 1. */
  successRate: number;
}

/**
 * The routing score, 0.0 to 1.0: how good a choice a provider is. The speed part falls smoothly, so slow providers do not tie;
 * a provider that answers in `targetResponseMs` gets half of it. The function does not ask whether the provider is usable
 * (`routingScore` in a status is 0 when it is not).
 *
 * @example routingScore({ typicalResponseMs: 1000, successRate: 1 }, 1000) // 0.7
 */
export function routingScore(figures: RoutingFigures, targetResponseMs: number): number {
  const { typicalResponseMs, successRate } = figures;
  const speed = typicalResponseMs === null ? 0 : targetResponseMs / (targetResponseMs + typicalResponseMs);
  return SPEED_WEIGHT * speed + HEALTH_WEIGHT * successRate;
}

/** A score rounded to four decimals, as it is stored and shown. */
export function roundedScore(score: number): number {
  return Math.round(score * 10_000) / 10_000;
}
