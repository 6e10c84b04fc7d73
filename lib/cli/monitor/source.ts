/** Reads the statuses of a monitor, from its table or its API. An error is one line of text. */

import { parseJson } from '../../base/json.ts';
import { type AgedStatus, withAge } from '../../health/aged-status.ts';
import { authorizer, type ReaderAuth } from '../../reader/sources/auth.ts';
import { StoreError, type Unreadable } from '../../store/store.ts';
import type { MonitorTarget } from './target.ts';

export interface StatusView {
  /** When the statuses were read: by the API's own clock, or by this machine's. */
  now: Date;
  /** In id order. */
  statuses: AgedStatus[];
  unreadable: Unreadable[];
}

export interface StatusSource {
  /** @throws {UnreadableError} */
  read(signal: AbortSignal): Promise<StatusView>;
  close(): void;
}

/** The statuses cannot be read. The message says why, for people. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/** The fields of the API's answer that are used. */
interface ProvidersAnswer {
  asOf: string;
  providers: AgedStatus[];
  unreadable: Unreadable[];
}

/** Long enough for a list of many providers over a slow network. */
const TIMEOUT_MS = 10_000;

/**
 * @param env Environment that holds the token.
 * @throws {UnreadableError}
 */
export async function openSource(
  target: MonitorTarget,
  env: Readonly<Record<string, string | undefined>>,
): Promise<StatusSource> {
  switch (target.kind) {
    case 'table':
      return tableSource(target);
    case 'api':
      return apiSource(target, authOf(target, env));
    default: {
      const never: never = target;
      return never;
    }
  }
}

async function tableSource({ tableName, region, endpoint }: MonitorTarget & { kind: 'table' }): Promise<StatusSource> {
  const { createDynamoStore } = await loadStore(tableName);
  const store = createDynamoStore({ tableName, ...(region && { region }), ...(endpoint && { endpoint }) });
  return {
    async read() {
      try {
        const { statuses, unreadable } = await store.statuses.list();
        const now = new Date();
        return { now, statuses: statuses.map((one) => withAge(one, now)), unreadable };
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        throw new UnreadableError(`--table ${tableName}: ${error.message}`, { cause: error });
      }
    },
    close: () => store.close(),
  };
}

/** The AWS SDK is an optional peer dependency of the package, so it may be missing. */
async function loadStore(tableName: string) {
  try {
    return await import('../../store/dynamo/store.ts');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UnreadableError(
      `--table ${tableName}: expected the AWS SDK, which is not installed. Write npm install @aws-sdk/client-dynamodb ` +
        '@aws-sdk/lib-dynamodb, or give --url.',
      { cause: error },
    );
  }
}

function authOf(
  { auth, tokenVariable }: MonitorTarget & { kind: 'api' },
  env: Readonly<Record<string, string | undefined>>,
): ReaderAuth {
  if (auth !== 'bearer') return { type: auth };
  const token = env[tokenVariable]?.trim();
  if (!token) throw new UnreadableError(`${tokenVariable}: expected the token of --auth bearer, got nothing.`);
  return { type: 'bearer', token };
}

function apiSource({ url }: MonitorTarget & { kind: 'api' }, auth: ReaderAuth): StatusSource {
  const address = `${url}/v1/providers`;
  const authorize = authorizer(auth);
  return {
    async read(signal) {
      const response = await ask(address, await authorize(address), signal);
      const body: unknown = parseJson(await response.text().catch(() => ''));
      if (!response.ok)
        throw new UnreadableError(`${address}: HTTP ${response.status}${detailOf(body)}${adviceOf(response.status)}`);
      const { asOf, providers, unreadable } = (body ?? {}) as Partial<ProvidersAnswer>;
      if (typeof asOf !== 'string' || !Array.isArray(providers) || !Array.isArray(unreadable)) {
        throw new UnreadableError(
          `${address}: expected the statuses of a monitor, got something else. Is this its API?`,
        );
      }
      return { now: new Date(asOf), statuses: providers, unreadable };
    },
    close: () => {},
  };
}

async function ask(address: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  try {
    // Redirects are refused: the credentials must not reach another host.
    const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return await fetch(address, { headers, redirect: 'error', signal: within });
  } catch (error) {
    signal.throwIfAborted();
    const { cause, name } = error as Error & { cause?: { code?: unknown } };
    throw new UnreadableError(`${address}: no answer (${cause?.code ?? name}).`, { cause: error });
  }
}

function detailOf(body: unknown): string {
  const { detail, message } = (body ?? {}) as { detail?: unknown; message?: unknown };
  const text = detail ?? message;
  return typeof text === 'string' ? `: ${text.replace(/\.?$/, '.')}` : '.';
}

function adviceOf(status: number): string {
  return status === 401 || status === 403 ? ' The API is closed: give --auth iam or --auth bearer.' : '';
}
