/**
 * A DynamoDB in this process, without a port: a request is a call of dynalite's operations. dynalite's own server is
 * not used: it verifies no signature, admits every web page, and ends the process when its storage fails.
 */

import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { DynaliteStore } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { jsonOf } from '../../base/json-value.ts';
import type { Storage } from './storage.ts';

export interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export interface EmbeddedDynamo {
  /**
   * Handles one request of DynamoDB's JSON protocol. With a storage on disk, its writes are on the disk when it is
   * answered.
   *
   * @param target The header `X-Amz-Target`: `DynamoDB_20120810.GetItem`.
   * @throws dynalite's error for unexpected input, and an `EmbeddedTableError` when the storage fails. Later requests
   *   still work.
   */
  ask(target: string, body: string): Promise<Answer>;
  /** Accepts no more requests. Resolves when the accepted ones are answered. */
  close(): Promise<void>;
}

/** The supported operations, and whether they write. */
const OPERATIONS: Readonly<Record<string, 'reads' | 'writes'>> = {
  BatchGetItem: 'reads',
  BatchWriteItem: 'writes',
  CreateTable: 'writes',
  DeleteItem: 'writes',
  DeleteTable: 'writes',
  DescribeTable: 'reads',
  DescribeTimeToLive: 'reads',
  GetItem: 'reads',
  ListTables: 'reads',
  PutItem: 'writes',
  Query: 'reads',
  Scan: 'reads',
  UpdateItem: 'writes',
};

const SERVICE_ERROR = 'com.amazon.coral.service#';

/** An error that is an answer of DynamoDB. */
interface ErrorAnswer {
  statusCode: number;
  body: unknown;
}

type Json = Record<string, unknown>;

interface Operation {
  action: (store: DynaliteStore, data: Json, answer: (error: unknown, data?: unknown) => void) => void;
  validation: { types: unknown; custom: unknown };
}

const load = createRequire(import.meta.url);

export function startDynamo(storage: Storage): EmbeddedDynamo {
  const answering = new Set<Promise<unknown>>();
  let reopening: Promise<void> | null = null;
  let isOpen = true;

  function reopen(): Promise<void> {
    reopening ??= Promise.allSettled(answering)
      .then(() => storage.reopen())
      .finally(() => {
        reopening = null;
      });
    return reopening;
  }

  /** Opens the storage again after a failed write. If that fails too, as on a full disk, reads still work. */
  async function makeReady(name: string): Promise<void> {
    try {
      while (storage.mustReopen) await reopen();
    } catch (error) {
      if (OPERATIONS[name] === 'writes') throw error;
    }
  }

  async function run(name: string, body: string): Promise<unknown> {
    const result = await perform(storage.store, name, body);
    if (OPERATIONS[name] === 'writes') await storage.sync();
    return result;
  }

  return {
    async ask(target, body) {
      if (!isOpen) throw Object.assign(new Error('the embedded DynamoDB is closed'), { code: 'ERR_EMBEDDED_CLOSED' });
      try {
        const name = nameOf(target);
        await makeReady(name);
        const result = run(name, body);
        answering.add(result);
        try {
          return answerOf(200, await result);
        } finally {
          answering.delete(result);
        }
      } catch (error) {
        if (isErrorAnswer(error)) return answerOf(error.statusCode, error.body);
        throw storage.failure(error) ?? error;
      }
    },
    async close() {
      isOpen = false;
      await Promise.allSettled([...answering, reopening]);
      await storage.close();
    },
  };
}

/** @throws {ErrorAnswer} */
function nameOf(target: string): string {
  const [version, name = ''] = target.split('.');
  if (version === 'DynamoDB_20120810' && Object.hasOwn(OPERATIONS, name)) return name;
  throw refusal('UnknownOperationException');
}

function perform(store: DynaliteStore, name: string, body: string): Promise<unknown> {
  const { action, validation } = operation(name);
  const data = validations.checkTypes(parse(body), validation.types);
  validations.checkValidations(data, validation.types, validation.custom, store);
  return new Promise((resolve, reject) => {
    action(store, data, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

function operation(name: string): Operation {
  const file = `${name[0]?.toLowerCase()}${name.slice(1)}.js`;
  return { action: load(`dynalite/actions/${file}`), validation: load(`dynalite/validations/${file}`) };
}

/** @throws {ErrorAnswer} */
function parse(body: string): Json {
  const data = jsonOf(body);
  if (data === undefined) throw refusal('SerializationException');
  return data as Json;
}

function refusal(type: string): ErrorAnswer {
  return { statusCode: 400, body: { __type: `${SERVICE_ERROR}${type}` } };
}

function isErrorAnswer(error: unknown): error is ErrorAnswer {
  return typeof (error as Partial<ErrorAnswer> | null)?.statusCode === 'number';
}

function answerOf(statusCode: number, result: unknown): Answer {
  const body = JSON.stringify(result);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': String(Buffer.byteLength(body)),
    'x-amzn-requestid': randomUUID(),
  };
  return { statusCode, headers, body };
}
