/** What every probe says. It makes the answer one word, so that a cap above 1 costs no more than a cap of 1. */

export const PROMPT = 'Reply with: ok';

/** The prompt with what chat templates put around it, where an answer does not count its tokens. */
export const ESTIMATED_PROMPT_TOKENS = 12;
