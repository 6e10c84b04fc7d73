/**
 * Describes the behaviour of a simulated provider as data, and decides what happens to one request. Not here: the
 * answers of each API (api/) and sending them (respond.ts).
 */

import { logNormal } from './random.ts';

/** Failures with an answer of their own in every API. Hanging, dropping and HTML need none. */
export const FAILURES = [
  'auth',
  'quota',
  'rate_limited',
  'overloaded',
  'server_error',
  'model_not_found',
  'bad_request',
] as const;

export type Failure = (typeof FAILURES)[number];

/** Log-normal response time. */
interface Latency {
  medianMs: number;
  /** Standard deviation of the logarithm, ≥ 0: at 0.2, nine in ten answers take between 0.7 and 1.4 medians. */
  sigma: number;
}

export type Behaviour =
  | { kind: 'answers'; latency: Latency }
  /** Answers with an error of its API. */
  | { kind: 'fails'; failure: Failure; latency: Latency; retryAfterSeconds: number | null }
  /** Answers 200 with a web page, as a proxy or a captive portal does. */
  | { kind: 'html'; latency: Latency }
  /** Takes the request and never answers. */
  | { kind: 'hangs' }
  /** Closes the connection without an answer. */
  | { kind: 'drops' }
  /** Decides for each request: `behaviour` with the probability `share` (0 to 1), else `otherwise`. */
  | { kind: 'sometimes'; share: number; behaviour: Behaviour; otherwise: Behaviour }
  /** Steps one after the other, each for its seconds, repeated for ever. */
  | { kind: 'script'; steps: Script };

export type Script = readonly [ScriptStep, ...ScriptStep[]];

interface ScriptStep {
  seconds: number;
  behaviour: Behaviour;
}

/** What happens to one request. */
export type Act =
  | { kind: 'answers' | 'html'; latencyMs: number }
  | { kind: 'fails'; failure: Failure; latencyMs: number; retryAfterSeconds: number | null }
  | { kind: 'hangs' | 'drops' };

/** @param elapsedMs Time since the provider got this behaviour. It decides the step of a script. */
export function actOf(behaviour: Behaviour, elapsedMs: number, random: () => number): Act {
  switch (behaviour.kind) {
    case 'answers':
    case 'html':
      return { kind: behaviour.kind, latencyMs: draw(behaviour.latency, random) };
    case 'fails':
      return {
        kind: 'fails',
        failure: behaviour.failure,
        latencyMs: draw(behaviour.latency, random),
        retryAfterSeconds: behaviour.retryAfterSeconds,
      };
    case 'hangs':
    case 'drops':
      return { kind: behaviour.kind };
    case 'sometimes':
      return actOf(random() < behaviour.share ? behaviour.behaviour : behaviour.otherwise, elapsedMs, random);
    case 'script':
      return actOf(stepAt(behaviour.steps, elapsedMs).behaviour, elapsedMs, random);
    default: {
      const never: never = behaviour;
      return never;
    }
  }
}

function stepAt(steps: Script, elapsedMs: number): ScriptStep {
  const totalMs = steps.reduce((sum, step) => sum + step.seconds * 1000, 0);
  let leftMs = elapsedMs % totalMs;
  for (const step of steps) {
    leftMs -= step.seconds * 1000;
    if (leftMs < 0) return step;
  }
  return steps[0];
}

function draw(latency: Latency, random: () => number): number {
  return Math.round(logNormal(latency.medianMs, latency.sigma, random));
}
