/** GLM, Kimi, Qwen, MiniMax, DeepSeek, SiliconFlow, Baidu and Volcengine. */

import type { Rows } from '../signature.ts';

export const GLM: Rows = {
  auth: ['1000|1001|1002|1003|1004|1220', '1110|1111|1112|1121 >ban', '1311 >plan'],
  quota: ['1113~欠费 >pay', '1113|~insufficient balance or no resource >url', '1304|1308|1310|1316 >wait', '1309 >pay'],
  rate_limited: ['1302|1303|1313'],
  overloaded: ['1305|1312'],
  model_not_found: ['1211|1221|1222'],
  bad_request: ['1300|1301 >filter'],
  // It comes with status 200, for an unknown path.
  config: ['=404 not_found'],
};

export const KIMI: Rows = {
  quota: ['rate_limit_reached_error~tpd|access_terminated_error~usage limit~billing cycle >wait'],
  auth: ['access_terminated_error~coding agents >app', 'access_terminated_error >ban'],
  overloaded: ['rate_limit_reached_error~receiving too many'],
};

export const QWEN: Rows = {
  auth: ['AccessDenied.Unpurchased >ask'],
  // Here it is a limit of tokens per minute, not money.
  rate_limited: ['insufficient_quota~allocated quota'],
  overloaded: ['ModelUnavailable'],
};

/** For Qwen a rate limit; for all other writers it is about money. */
export const QWEN_OWN: Rows = { rate_limited: ['insufficient_quota|~exceeded your current quota'] };

/** Numbers in brackets are from `base_resp`, or from the end of a message. */
export const MINIMAX: Rows = {
  quota: ['(1008)', '(2056) >wait'],
  timeout: ['(1001)'],
  rate_limited: ['(1002)|(1039)|(1041)|(2045)'],
  auth: ['(1004)|(2049)'],
  // Content policy: the provider works, but refuses our prompt.
  bad_request: ['(1026)|(1027) >filter', '(2013)'],
  model_not_found: ['(2061)'],
  overloaded: ['(2062)|(2064)'],
  server_error: ['(1000)|(1013)|(1033)'],
};

export const DEEPSEEK: Rows = {
  quota: ['=insufficient balance'],
  bad_request: ['=content exists risk >filter'],
  overloaded: ['finish:insufficient_system_resource'],
};

export const SILICONFLOW: Rows = {
  quota: ['30001'],
  model_not_found: ['20012'],
};

/** Its short numbers need words beside them, because other writers use the same numbers. */
export const BAIDU: Rows = {
  quota: ['17~daily >wait'],
  rate_limited: ['18~qps'],
  auth: ['110~access token|111~access token|336007'],
  bad_request: ['336003|336103'],
};

export const VOLCENGINE: Rows = {
  quota: ['SetLimitExceeded|QuotaExceeded >wait'],
  model_not_found: ['InvalidEndpoint.ClosedEndpoint'],
};
