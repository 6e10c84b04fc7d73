/** The verdict on a probe that ended with an error: no answer came, or no request was sent. */

import { ProxyError } from '../egress/tunnel.ts';
import { SPECIAL_ADVICE } from '../failures/advice.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { Verdict } from './adapters/adapter.ts';
import { lackingOf } from './failure/lacking.ts';
import { schemeMistake, transportFailure } from './failure/transport.ts';
import { failure, monitorFault } from './outcome.ts';
import { presetOf } from './presets/presets.ts';
import { SettingError } from './setting-error.ts';
import { TokenError } from './tokens/token-error.ts';
import type { Trace } from './wire/stamps.ts';

export function verdictOnError(error: unknown, trace: Trace, config: ProviderConfig): Verdict {
  const lacking = lackingOf(error);
  if (lacking !== null) return monitorFault(`the monitor's own machine had no more ${lacking}`);
  if (error instanceof TokenError)
    return failure({
      category: error.category,
      fault: 'ours',
      errorMessage: error.message,
      advice: error.category === 'config' ? null : SPECIAL_ADVICE.token,
    });
  if (error instanceof ProxyError) return proxyVerdict(error);
  if (error instanceof SettingError) return failure({ category: 'config', errorMessage: error.message });
  const host = URL.canParse(config.baseUrl) ? new URL(config.baseUrl).host : config.id;
  const known = transportFailure(error, trace, host);
  if (known === null) return failure({ category: 'config', errorMessage: `Provider Health failed: ${String(error)}` });
  const { category, message } = known;
  // A preset's address cannot be mistyped, but an address in the configuration can be.
  const typed = config.baseUrl !== presetOf(config.type).baseUrl;
  const mistake = typed ? schemeMistake(error) : null;
  if (mistake !== null) return failure({ category: 'config', errorMessage: `${host}: ${mistake}` });
  return failure({ category, errorMessage: message, ...(typed && category === 'dns' && { fault: 'ours' }) });
}

/** A proxy belongs to the monitor. Only if the proxy worked but did not reach the provider, the provider failed. */
function proxyVerdict({ kind, message }: ProxyError): Verdict {
  switch (kind) {
    case 'unreachable':
      return monitorFault(message);
    case 'refused':
      return failure({ category: 'config', errorMessage: message });
    case 'upstream':
      return failure({ category: 'connect', errorMessage: message });
    default: {
      const never: never = kind;
      return never;
    }
  }
}
