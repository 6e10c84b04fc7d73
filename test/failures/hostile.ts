/** Bodies of any size that take as much time as possible. */

const filled = (unit: string, bytes: number) => unit.repeat(Math.ceil(bytes / unit.length)).slice(0, bytes);
const inError = (message: string) => JSON.stringify({ error: { message } });

/** JSON in JSON in JSON: each level doubles the backslashes of the ones within, so that a few levels fill any size. */
function nested(bytes: number): string {
  let text = '{"error":{"message":"x","code":"y"}}';
  for (;;) {
    const next = JSON.stringify({ error: { message: text, metadata: { raw: text } } });
    if (next.length > bytes) return text;
    text = next;
  }
}

export const HOSTILE: Readonly<Record<string, (bytes: number) => string>> = {
  'open arrays': (bytes) => filled('[', bytes),
  'closed arrays': (bytes) => filled('[', bytes / 2) + filled(']', bytes / 2),
  'objects in objects': (bytes) => `${filled('{"error":', bytes - bytes / 10)}1${filled('}', bytes / 10)}`,
  'JSON in JSON': nested,
  'many errors': (bytes) => `{"errors":[${filled('{"message":"m","code":"c"},', bytes - 40)}{}]}`,
  'an object of many fields': (bytes) =>
    `{${Array.from({ length: bytes / 16 }, (_, at) => `"f${at}":{"a":1}`).join()}}`,
  'a long message': (bytes) => inError(filled('credit balanc ', bytes)),
  'a message of dots': (bytes) => inError(filled(`${'.'.repeat(4000)}x`, bytes)),
  'details in details': (bytes) => `{"error":{"details":${filled('[', bytes / 2)}${filled(']', bytes / 2)}}}`,
  'a message of names': (bytes) => inError(filled('aException - ', bytes)),
  'a message of providers': (bytes) => inError(filled('Error from provider (a', bytes)),
  'a message of a provider that does not end': (bytes) => inError(`Upstream error from ${filled('a ', bytes)}`),
  'a message of waits to come': (bytes) => `{"error":{${filled('"retryAfters":"x",', bytes)}"a":1}}`,
  'a message of half a name': (bytes) => inError(filled('_', bytes)),
  'a message of open braces': (bytes) => inError(filled('{ ', bytes)),
  'a message of braces and spaces': (bytes) => inError(filled(`{${' '.repeat(500)}x`, bytes)),
  'a message of Python': (bytes) => inError(filled("{'message': '", bytes)),
  'a message of Python that is closed': (bytes) => inError(filled("{'code': 'abc'} ", bytes)),
  'a message of quotes and backslashes': (bytes) => inError(filled('{\\"', bytes)),
  'a message of waits': (bytes) => inError(`try again in ${filled('1m ', bytes)}`),
  'a message of digits': (bytes) => inError(`try again in ${filled('1', bytes)}`),
  'a message of statuses': (bytes) => inError(filled('status code ', bytes)),
  'messages of models and balances': (bytes) =>
    `{"errors":[${filled(`{"message":"${'no model of a balance is '.repeat(40)}"},`, bytes - 40)}{}]}`,
  events: (bytes) => filled('data: ', bytes),
  'half an event': (bytes) => filled('event: x\n\n', bytes),
  'comments of a stream': (bytes) => filled(':\n', bytes),
  'comments and blank lines': (bytes) => filled(`:${'\n'.repeat(500)}`, bytes),
  lines: (bytes) => `id: ${filled('\n', bytes)}`,
  tags: (bytes) => filled('<html><', bytes),
  'open tags': (bytes) => `<html>${filled('<', bytes)}`,
  'a title that does not end': (bytes) => `<html><title>${filled('a', bytes)}`,
  spaces: (bytes) => `{${filled(' ', bytes)}`,
  text: (bytes) => filled('worker local total request ', bytes),
};
