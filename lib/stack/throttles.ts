/**
 * Groups the API's routes by the cost of a request, and limits the requests of each. Each route has its own limit, so a
 * flood of one kind does not slow the others. Together, the limits bound the cost of a flood.
 */

import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { ConfigError } from '../config/error.ts';

export interface RateOptions {
  /** Requests a second, of all callers together. */
  readonly requestsPerSecond?: number;
  /** Requests at the same moment. */
  readonly burst?: number;
}

/** Requests that each route lets through, of all callers together. Further requests get 429. */
export interface ThrottleOptions {
  /** Reads of the present: page, statuses, selection, badges. Requests a second. @default 50 */
  readonly requestsPerSecond?: number;
  /** The same reads: requests at the same moment. @default 100 */
  readonly burst?: number;
  /**
   * Reads that can be large: checks, transitions, incidents, the feed, metrics, and every HEAD.
   * @default - 2 a second, 20 at once
   */
  readonly history?: RateOptions;
  /** Writes: register, change, remove, pause. @default - 10 a second, 20 at once */
  readonly writes?: RateOptions;
  /** Manual checks, and tests of the alert channels. @default - 1 a second, 5 at once */
  readonly checks?: RateOptions;
}

type Kind = 'reads' | 'history' | 'writes' | 'checks';

export interface RouteGroup {
  readonly kind: Kind;
  readonly methods: HttpMethod[];
  readonly paths: readonly string[];
}

/** Every path. lib/api decides which paths exist, since its 404 says more than the gateway's. */
const ANY_PATH = ['/', '/{proxy+}'];

export const READ_ROUTES: readonly RouteGroup[] = [
  { kind: 'reads', methods: [HttpMethod.GET], paths: ANY_PATH },
  // A HEAD costs as much as its GET, which may be a large one.
  { kind: 'history', methods: [HttpMethod.HEAD], paths: ANY_PATH },
  {
    kind: 'history',
    methods: [HttpMethod.GET],
    paths: [
      '/v1/providers/{id}/checks',
      '/v1/transitions',
      '/v1/incidents',
      '/incidents/{id}',
      '/feed.atom',
      '/metrics',
    ],
  },
];

export const WRITE_ROUTES: readonly RouteGroup[] = [
  { kind: 'writes', methods: [HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE], paths: ANY_PATH },
  {
    kind: 'checks',
    methods: [HttpMethod.POST],
    paths: ['/v1/providers/{id}/check', '/v1/check', '/v1/alerts/test'],
  },
];

type Rate = Required<RateOptions>;

const DEFAULTS: Readonly<Record<Kind, Rate>> = {
  reads: { requestsPerSecond: 50, burst: 100 },
  history: { requestsPerSecond: 2, burst: 20 },
  writes: { requestsPerSecond: 10, burst: 20 },
  checks: { requestsPerSecond: 1, burst: 5 },
};

export interface RouteSettings {
  ThrottlingRateLimit: number;
  ThrottlingBurstLimit: number;
}

/** CloudFormation's route settings, by route key, such as `GET /v1/transitions`. @throws {ConfigError} */
export function routeSettings({ requestsPerSecond, burst, ...others }: ThrottleOptions = {}) {
  const given: Partial<Record<Kind, RateOptions>> = { ...others, reads: { requestsPerSecond, burst } };
  const settings = [...READ_ROUTES, ...WRITE_ROUTES].flatMap(({ kind, methods, paths }) => {
    const rate = rateOf(kind, given[kind]);
    const ofRoute: RouteSettings = { ThrottlingRateLimit: rate.requestsPerSecond, ThrottlingBurstLimit: rate.burst };
    return methods.flatMap((method) => paths.map((path) => [`${method} ${path}`, ofRoute] as const));
  });
  return Object.fromEntries(settings);
}

/** Refuses a rate of 0, which would close the routes. */
function rateOf(kind: Kind, given: RateOptions = {}): Rate {
  const { requestsPerSecond = DEFAULTS[kind].requestsPerSecond, burst = DEFAULTS[kind].burst } = given;
  const path = kind === 'reads' ? 'throttle' : `throttle.${kind}`;
  if (!(requestsPerSecond > 0)) {
    throw new ConfigError([
      { path: `${path}.requestsPerSecond`, message: `expected a number above 0, got ${requestsPerSecond}` },
    ]);
  }
  if (!(Number.isInteger(burst) && burst > 0)) {
    throw new ConfigError([{ path: `${path}.burst`, message: `expected a whole number above 0, got ${burst}` }]);
  }
  return { requestsPerSecond, burst };
}
