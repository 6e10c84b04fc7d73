/** Common behaviours, for the simulated fleet and for tests. */

import type { Behaviour, Failure, Script } from './behaviour.ts';

const SIGMA = 0.15;
/** Errors are fast: a server answers them without calling a model. */
const ERROR_LATENCY = { medianMs: 40, sigma: SIGMA };

export const behaviours = {
  /** Good answers. @param medianMs Default 200. */
  fast(medianMs = 200): Behaviour {
    return { kind: 'answers', latency: { medianMs, sigma: SIGMA } };
  },

  /** Good but slow answers. @param medianMs Default 1600. */
  slow(medianMs = 1600): Behaviour {
    return { kind: 'answers', latency: { medianMs, sigma: SIGMA } };
  },

  /** An error of the provider's API. */
  failing(failure: Failure, retryAfterSeconds: number | null = null): Behaviour {
    return { kind: 'fails', failure, latency: ERROR_LATENCY, retryAfterSeconds };
  },

  /** No capacity: an outage of the provider. */
  down(): Behaviour {
    return behaviours.failing('overloaded');
  },

  /** A failure now and then. @param share Of requests, 0 to 1. Default 0.3. */
  flaky(share = 0.3): Behaviour {
    return { kind: 'sometimes', share, behaviour: behaviours.failing('server_error'), otherwise: behaviours.fast() };
  },

  /** A key that the provider does not know. */
  wrongKey(): Behaviour {
    return behaviours.failing('auth');
  },

  /** Answers 429. @param retryAfterSeconds The wait that the answer asks for. Default 10. */
  rateLimited(retryAfterSeconds = 10): Behaviour {
    return behaviours.failing('rate_limited', retryAfterSeconds);
  },

  /** Takes the request and never answers. */
  hanging(): Behaviour {
    return { kind: 'hangs' };
  },

  /** Closes the connection without an answer. */
  dropping(): Behaviour {
    return { kind: 'drops' };
  },

  /** 200 with a web page. */
  html(): Behaviour {
    return { kind: 'html', latency: ERROR_LATENCY };
  },

  /** Steps one after the other, repeated for ever. */
  script(...steps: Script): Behaviour {
    return { kind: 'script', steps };
  },
};
