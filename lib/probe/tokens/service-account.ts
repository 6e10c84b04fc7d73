/** Reads the JSON file with the key of a Google service account. */

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { parseJson } from '../../base/json.ts';
import { at, textOf } from '../../base/json-value.ts';
import { Secret } from '../../keys/secret.ts';
import { TokenError } from './token-error.ts';

export interface ServiceAccount {
  email: string;
  key: KeyObject;
  /** Id of the key among the account's keys; null where the file does not say. */
  keyId: string | null;
  /** Parts of the file that must not be shown. */
  secrets: readonly Secret[];
}

/**
 * @param reference The reference to the file, for messages.
 * @throws {TokenError} `config`. The message contains nothing of the file.
 */
export function readServiceAccount(file: Secret, reference: string): ServiceAccount {
  const json = parseJson(file.reveal());
  const refuse = (expected: string) =>
    new TokenError('config', `${reference}: expected ${expected}. Put the JSON file of a service account's key there`);
  const type = at(json, 'type');
  if (type !== 'service_account') throw refuse('a JSON file with "type": "service_account"');
  const email = textOf(at(json, 'client_email'));
  if (email === null) throw refuse('a JSON file with "client_email"');
  const pem = textOf(at(json, 'private_key'));
  const key = pem === null ? null : privateKeyOf(pem);
  if (pem === null || key?.asymmetricKeyType !== 'rsa') throw refuse('a JSON file with an RSA key as "private_key"');
  const keyId = textOf(at(json, 'private_key_id'));
  return { email, key, keyId, secrets: secretsOf(pem, keyId) };
}

function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

/**
 * The key in three forms: as one text, with its lines, and with escaped line ends as in the file. Not the whole file:
 * its words and addresses appear in every message of Google.
 */
function secretsOf(pem: string, keyId: string | null): Secret[] {
  const lines = pem.replace(/-----[^-]+-----/g, '').trim();
  const forms = [lines.replace(/\s+/g, ''), lines, JSON.stringify(lines).slice(1, -1)];
  return [...new Set([...forms, ...(keyId === null ? [] : [keyId])])].map((text) => new Secret(text));
}
