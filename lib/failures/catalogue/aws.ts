/** Amazon Bedrock. Its codes are names of exceptions. */

import type { Rows } from '../signature.ts';

export const BEDROCK: Rows = {
  // First, because a role without rights at the marketplace is no lack of money.
  auth: [
    'ValidationException=operation not allowed >ban',
    '~from unsupported countries >geo',
    'FTUFormNotFilled|~use case details|~account is not authorized to invoke >ask',
    '~signature expired|~signature not yet current >clock',
    '~is not authorized to perform >role',
  ],
  quota: ['~payment_instrument|~marketplace subscription >pay', 'ServiceQuotaExceededException'],
  model_not_found: ['~on-demand throughput >profile', '~provider as legacy'],
  overloaded: ['ModelNotReadyException'],
  config: ['UnknownOperationException'],
  server_error: ['@408'],
};
