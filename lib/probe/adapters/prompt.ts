/** The prompt of every probe. The answer is one word, so a token limit above 1 costs no more than a limit of 1. */

export const PROMPT = 'Reply with: ok';

/** Tokens of the prompt with its chat template, for answers without a count. */
export const ESTIMATED_PROMPT_TOKENS = 12;
