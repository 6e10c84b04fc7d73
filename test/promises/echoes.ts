/** Providers that echo the key that they received: in every place of an answer, and in every encoding. */

import { answer } from '../support/servers/peer.ts';
import { ENCODINGS } from './leaks.ts';

export interface Echo {
  /** Completes "a provider that echoes it …", for the failure of a test. */
  name: string;
  /** The bytes of the answer to a request. @param key As the provider says it. */
  answer: Buffer;
}

type Place = (key: string) => Buffer;

const json = (body: unknown, status = '400 Bad Request', headers: Record<string, string> = {}): Buffer =>
  answer(JSON.stringify(body), headers, status);

const completion = (fields: Record<string, unknown>): Buffer =>
  json(
    { object: 'chat.completion', choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }], ...fields },
    '200 OK',
  );

/** Places in which an answer can have any text. */
const ANY_TEXT: Readonly<Record<string, Place>> = {
  'the message of an error': (key) => json({ error: { message: `Incorrect API key provided: ${key}. Check it.` } }),
  'the code of an error': (key) => json({ error: { code: key, type: key, message: 'no' } }, '401 Unauthorized'),
  'an error as a text': (key) =>
    answer(`denied for ${key}`, { 'content-type': 'text/plain' }, '500 Internal Server Error'),
  'the model of a good answer': (key) => completion({ model: `not-asked-for ${key}` }),
};

/** Headers and status lines cannot have line ends; the other places are used once. */
const PLAIN: Readonly<Record<string, Place>> = {
  'an error in a 200': (key) => json({ error: { message: `key ${key}` } }, '200 OK'),
  'the error of a choice': (key) => json({ choices: [{ error: { message: key, code: 502 } }] }, '200 OK'),
  'a list of details': (key) => json({ error: { message: 'no', details: [{ reason: key }] } }, '403 Forbidden'),
  'the errors of a validation': (key) => json({ detail: [{ msg: `bad ${key}`, input: key }] }, '422 Unprocessable'),
  'the status of a gateway': (key) => json({ base_resp: { status_code: 1004, status_msg: key } }, '200 OK'),
  'JSON that does not parse': (key) => answer(`{"object":"chat.completion","key":"${key}"`),
  'JSON that is only a text': (key) => json(key, '200 OK'),
  'the bytes of a Buffer': (key) => json({ error: { message: 'no', sent: Buffer.from(key) } }),
  'a text with the bytes of a Buffer': (key) => json({ error: { message: JSON.stringify(Buffer.from(key)) } }),
  'JSON of another shape': (key) => json({ account: key, [key]: true }, '200 OK'),
  'a page': (key) => answer(`<html><title>Sign in ${key}</title>${key}`, { 'content-type': 'text/html' }),
  'the finish reason': (key) => completion({ choices: [{ message: { content: '' }, finish_reason: key }] }),
  'its status line': (key) => answer('', {}, `500 bad key ${key}`),
  'its content type': (key) => answer('no', { 'content-type': `text/${key}` }),
  'its content encoding': (key) => answer('no', { 'content-encoding': key }),
  'its request id': (key) => json({ error: { message: 'no' } }, '503 Unavailable', { 'x-request-id': key }),
  'the request id of a good answer': (key) =>
    answer(completion({}).toString().split('\r\n\r\n')[1] ?? '', { 'x-request-id': key }),
  'the time to wait': (key) => json({ error: { message: 'slow down' } }, '429 Too Many', { 'retry-after': key }),
  'the type of an AWS error': (key) => json({ message: 'no' }, '400 Bad Request', { 'x-amzn-errortype': key }),
  'where it redirects to': (key) => answer('', { location: `https://elsewhere.example/?key=${key}` }, '307 Temporary'),
  'a location without a host': (key) => answer('', { location: `/${key}` }, '308 Permanent'),
  'what is no HTTP': (key) => Buffer.from(`${key}\r\n\r\n`),
  'a header that is none': (key) => Buffer.from(`HTTP/1.1 200 OK\r\n${key} :\u0000\r\n\r\n`),
  'the length of its body': (key) => Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${key}\r\n\r\n`),
  'the size of a chunk': (key) => Buffer.from(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${key}\r\n`),
  'a message that is cut in the middle of it': (key) => json({ error: { message: `${'.'.repeat(290)}${key}` } }),
  'a text that is cut in the middle of it': (key) => answer(`${'.'.repeat(285)}${key}${key}`, {}, '502 Bad Gateway'),
  'nothing but it, over and over': (key) => json({ error: { message: key.repeat(300) } }),
};

/** Every place once with the key as it is, and every encoding in one of the places that take any text, each in turn. */
export function echoesOf(key: string): Echo[] {
  const plain = Object.entries({ ...ANY_TEXT, ...PLAIN }).map(([place, make]) => ({
    name: `in ${place}`,
    answer: make(key),
  }));
  const places = Object.entries(ANY_TEXT);
  const encoded = Object.entries(ENCODINGS).flatMap(([how, encode], i) =>
    places
      .filter((_, place) => place === i % places.length)
      .map(([place, make]) => ({ name: `${how}, in ${place}`, answer: make(encode(key)) })),
  );
  return [...plain, ...encoded];
}
