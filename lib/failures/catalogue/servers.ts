/** Model servers that users run themselves. */

import type { Rows } from '../signature.ts';

export const OLLAMA: Rows = {
  quota: ['~requires a subscription >plan'],
};

export const LMSTUDIO: Rows = {
  config: ['~unexpected endpoint or method'],
  model_not_found: ['~no models loaded|=model unloaded'],
  server_error: ['~the model has crashed|~failed to load model|~compute error'],
  overloaded: ['~insufficient system resources'],
};

export const LLAMA_CPP: Rows = {
  config: ['not_found_error=file not found'],
};
