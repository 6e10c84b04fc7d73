/** The form of the rows of the catalogue. The rows themselves are in catalogue/. */

import type { Category } from '../health/category.ts';
import type { Advice } from './advice.ts';

/** One wording of a failure. It has at least one of `code`, `says` and `status`; all that it has must fit. */
export interface Words {
  /**
   * A code, type or reason anywhere in one error object. Capitals and punctuation do not count: `ModelNotFound` is
   * `model_not_found`. Some are not written in a body like this: `finish:` and a finish reason, the name of a header that
   * is there, `(2056)` a number that stands in a message or in MiniMax's `base_resp`.
   */
  code?: string | undefined;
  /** The shortest phrase that decides, in lower case; with `=` before it, all of the message. */
  says?: string | undefined;
  /** HTTP status of the answer. */
  status?: number | undefined;
  /** Advice, if it differs from the usual advice of the category. */
  advice?: Advice | undefined;
}

/**
 * One row: what a writer says for one category, in one wording or several. Each wording fits as follows:
 *
 *   insufficient_quota                     an error object contains this code
 *   ~spend limit                           the message contains this phrase
 *   =resource not found                    the message is exactly this text
 *   AccessDenied~virtual network           both: this code, and a message that contains this phrase
 *   AccessDenied~virtual network~firewall  this code, and one of these phrases
 *   AccessDenied=no access                 this code, and exactly this message
 *
 * A row combines them:
 *
 *   1300|1301                              one of these wordings
 *   @429 ~month                            only with HTTP status 429; it holds for every wording of the row
 *   @451                                   the status alone
 *   (2056) >wait                           gives this advice instead of the usual one of the category, for every wording
 */
export type Row = string;

/** The rows of one writer, by category. If several rows fit, the first one counts. */
export type Rows = Partial<Record<Category, readonly Row[]>>;

export interface Signature extends Words {
  category: Category;
}

export function signaturesOf(rows: Rows): Signature[] {
  return Object.entries(rows).flatMap(([category, list]) =>
    list.flatMap((row) => wordingsOf(row).map((words) => ({ ...words, category: category as Category }))),
  );
}

const ROW = /^(?:@(\d+) ?)?(.*?)(?: ?>(\w+))?$/;
const WORDING = /^([^~=]*)(.*)$/;

function wordingsOf(row: Row): Words[] {
  const [, status, all = '', advice] = ROW.exec(row) ?? [];
  return all.split('|').flatMap((one) => {
    const [, code, said = ''] = WORDING.exec(one) ?? [];
    const phrases = said.startsWith('=') ? [said] : said.split('~').slice(said === '' ? 0 : 1);
    return phrases.map((says) => ({
      status: status ? Number(status) : undefined,
      code: code || undefined,
      says: says || undefined,
      advice: advice as Advice | undefined,
    }));
  });
}

/** The form in which codes are compared: lower case, only letters, digits, `(` and `:`. */
export function folded(code: string): string {
  return code.toLowerCase().replace(/[^\p{L}\p{N}(:]+/gu, '');
}
