/** Amazon Bedrock. Its codes are the names of its exceptions. */

import type { Rows } from '../signature.ts';

export const BEDROCK: Rows = {
  quota: [
    'ThrottlingException~per day|~too many tokens per day >wait',
    'AccessDeniedException~payment instrument~marketplace subscription|~invalid_payment_instrument >pay',
    'ServiceQuotaExceededException',
  ],
  model_not_found: [
    '~on-demand throughput >profile',
    '~model identifier is invalid|~provider as legacy|ValidationException~model is not supported',
  ],
  auth: [
    'ValidationException~operation not allowed >ban',
    '~from unsupported countries >geo',
    'AccessDeniedException~access to the model|FTUFormNotFilled|ResourceNotFoundException~use case details|~use case details have not >ask',
    '@400 ~signature…expired',
  ],
  overloaded: ['ModelNotReadyException|ServiceUnavailableException'],
  config: ['UnknownOperationException'],
  rate_limited: ['ThrottlingException'],
  server_error: ['@408'],
};
