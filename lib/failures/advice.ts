/** Advice: what to do about a failure, in one line. */

import type { Category } from '../health/category.ts';

/** Advice for failures that need another fix than is usual for their category. */
export const SPECIAL_ADVICE = {
  wait: 'Wait until the allowance renews, or raise it. Trying again before then does not help.',
  pay: "Add or correct the means of payment, or pay what is due, in the provider's billing settings.",
  cap: 'Raise the budget or spending limit, or wait until its period ends.',
  plan: 'Choose a plan that includes this, or another model.',
  url: 'Set baseUrl to the address of your plan, if it has one of its own, or choose a plan that includes this.',
  ban: "Ask the provider's support: the account or organization is blocked. Another key of the same account does not help.",
  app: 'The provider serves this key only to certain applications. Use a key that is meant for programs of your own.',
  terms: "Accept the terms in the provider's console.",
  verify: "Verify the organization in the provider's settings.",
  geo: 'Call from a country or region that the provider serves: move the monitor, or use another provider.',
  waf: "A firewall in front of the API refused the monitor. Ask its owner to allow the monitor's address or User-Agent, or correct baseUrl.",
  ask: "Ask for access to this model in the provider's console, or choose another.",
  on: "Enable the API for this project in the provider's console.",
  clock:
    "Correct the clock of the monitor's machine: AWS refuses requests when the clock is wrong by 5 minutes or more.",
  role: 'In IAM, allow this action on this model for the identity in the message.',
  profile: 'Set model to the id of an inference profile, such as one that begins with "us." or "eu.".',
  filter: 'A content filter refused the prompt, so the service works. Change the prompt or the filter.',
  token: 'Check the credentials in auth, and that the network lets the monitor reach the token endpoint.',
  odd: 'The provider answered with an error of its own. Use another provider until it has recovered.',
  https: 'Write https:// instead of http:// in baseUrl.',
} as const;

export type Advice = keyof typeof SPECIAL_ADVICE;

const USUAL: Record<Category, string> = {
  auth: 'Check that the key is complete and valid, and has the rights for this request.',
  quota: 'Top up or raise the limit, or wait until the allowance renews. Trying again before then does not help.',
  rate_limited: 'Send fewer requests, or ask for a higher limit. The limit ends by itself.',
  overloaded: 'The provider does not have enough capacity. Use another provider until it has recovered.',
  server_error: 'The provider failed. Use another provider until it has recovered.',
  model_not_found:
    "Choose a model that the provider still serves, and copy its name from the provider's documentation.",
  bad_request: "Check the provider's own settings, such as body and maxTokens: the API refuses the request.",
  timeout: 'Use another provider until it has recovered, or raise timeoutSeconds if such answers usually take longer.',
  dns: 'Check the host in baseUrl, and the DNS server of this network.',
  connect: 'Check the host and the port in baseUrl, and that the network allows outgoing connections.',
  tls: 'Check the host in baseUrl, its certificate, and any proxy in between.',
  invalid_response: 'Check that baseUrl is the address of this API, and that no proxy in between changes its answers.',
  too_large: 'Check that baseUrl is the address of this API.',
  redirect: 'Write the final address as baseUrl.',
  config: 'Correct baseUrl, or the setting that the message names.',
};

/** The advice for a failure. @param special Advice that differs from the usual; null: the usual advice of the category. */
export function adviceFor(category: Category, special: Advice | null): string {
  return special === null ? USUAL[category] : SPECIAL_ADVICE[special];
}

/** The advice for a recorded check. Special advice is found at the end of its error message. */
export function adviceOn({ category, errorMessage }: { category: Category; errorMessage: string }): string {
  const special = Object.values(SPECIAL_ADVICE).find((advice) => errorMessage.endsWith(advice));
  return special ?? adviceFor(category, null);
}
