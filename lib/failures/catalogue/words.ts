/**
 * Forms of sentences that say what failed, for writers whose words are not in the catalogue. They make the meaning of a
 * status more exact, and never decide alone. The first form that fits counts. Sentences are in lower case, with a space for
 * `_`. Gaps in the patterns are bounded, because a message is hostile input. An alternative that another one covers is left out:
 * `locked` also finds "blocked".
 */

import type { Category } from '../../health/category.ts';
import type { Advice } from '../advice.ts';

/** What a status or a type says, before a sentence makes it more exact; null: there is neither. */
type Coarse = Category | null;

/** A limit of a minute or less. In such a message, words of money are only advice. */
export const A_MINUTE = /(per |\/ ?)(min|sec)|minute limit|\b[rtq]p[ms]\b|concurren/;

/** A mistake in one field of the request. What follows can be quoted from the request, so no form counts. */
export const A_FIELD = /^(?!.*model)(invalid|un\w+) (value|type|field|param|arg|func|prop)/;

/** The meanings that a form may make more exact. */
const FAILED: readonly Coarse[] = ['bad_request', 'auth', 'rate_limited', 'server_error', 'overloaded', null];
const VAGUE: readonly Coarse[] = ['bad_request', 'server_error', null];
const REFUSED: readonly Coarse[] = ['bad_request', 'auth', 'model_not_found'];
/** Money is also missing where a gateway says 404, because it keeps its paid models from accounts without money. */
const UNPAID: readonly Coarse[] = [...FAILED, 'model_not_found'];

export const WORD_FORMS: readonly (readonly [readonly Coarse[], RegExp, Category, Advice?])[] = [
  [
    REFUSED,
    /\b(countr|region|territor|location).{0,40}(not|un)[ -]?(supported|available|allowed|permitted)|(not |un).{0,20}in your (country|region|location)/,
    'auth',
    'geo',
  ],
  [
    UNPAID,
    /\b(past|over) ?due|unpaid|arrears|payment (is )?(requir|fail|declin)|payment method|(subscription|billing|plan|trial) (\w+ ){0,2}(expired|ended|over|inactive|cancel|not active|disabled|lapsed|suspended)|no active (subscription|plan|billing)|欠费/,
    'quota',
    'pay',
  ],
  [
    UNPAID,
    /\b(insufficient|no|low|lacks?|out of|zero|negative|exhaust\w*|exceed\w*|enough|any|sufficient) (\w+ ){0,3}(balance|credits?|funds|money|wallet)\b|\b(balance|credits?|funds|wallet)( \w+){0,3} (insufficient|(too|is) low|exhausted|depleted|used up|empty|negative|r[au]n out|not enough|expired|zero|0|below)\b|(top up|recharge|(add|buy|purchase) (\w+ )?(credit|fund|money)).{0,20} to (continue|use|proceed|keep)|余额|充值|付费|(额度|余量|配额|资源包).{0,6}[不用耗]/,
    'quota',
  ],
  [
    FAILED,
    /(?<!(ing|token|context|request|retry|time) )budget.{0,20} (exceed|reach|exhaust|used up)|(exceed|over|cross)\w*( \w+){0,2} (?<!(ing|token|context|request|retry|time) )budget|(spend(ing)?|usage|cost|billing|credit) ?(hard )?(limit|cap)\b.{0,30}(reach|exceed|exhaust|hit)|(reach|exceed|exhaust|hit)\w*( \w+){0,3} (spend(ing)?|billing|credit) (limit|cap)/,
    'quota',
    'cap',
  ],
  [
    FAILED,
    /\b(daily|weekly|monthly|hourly|trial|free tier|plan's|usage|session|\d+.?h(ou)?rs?)( \w+){0,3} (limit|quota|allowance|cap)\b|(limit|quota|allowance|requests|tokens|calls)( \w+){0,4} (per|this|a|for the|for) ?(day|week|month|today)|(quota|allowance|tier)( \w+){0,3} (exhaust|used up|deplet|consumed)|insufficient quota/,
    'quota',
    'wait',
  ],
  [[...REFUSED, null], /quota( \w+){0,3} exceeded|exceeded( \w+){0,3} quota/, 'quota'],
  [
    FAILED,
    /\b(account|organi[sz]ation|workspace|team|tenant)\b.{0,30}(suspended|disabled|deactivated|banned|locked|terminated|frozen|restricted)/,
    'auth',
    'ban',
  ],
  [
    REFUSED,
    /\b(only|restricted) (\w+ ){0,2}(for|to|by|from|with) (\w+ ){0,4}(client|application|coding agent)s?\b(?!\/)|client (is )?not (allow|auth|permit)|unapproved c|仅.{0,24}客户端/,
    'auth',
    'app',
  ],
  [['quota'], /^authentication required/, 'auth'],
  [
    FAILED,
    /\b(at|over|out of|exceeded|insufficient|no) (\w+ )?capacity\b|capacity.{0,12} (exceed|reach|exhaust|unavail)|overloaded|saturated|\bbusy|(high|heavy) (demand|load|traffic)|queue (is )?full|\bno (\w+ ){0,2}(worker|instance|replica|gpu|slot|backend|node)\w* (\w+ ){0,2}(available|free|left|ready)|(temporarily|currently) (unavail|not avail|out of)|(unavailable|not available) (right now|at the moment)|a different model|繁忙|过载|饱和|负载|暂不/,
    'overloaded',
  ],
  [
    REFUSED,
    /(not (available|included|allowed|supported)|unavailable)( \w+){0,3} (plan|tier|subscription)|(plan|tier|subscription) (does not|doesn't) |upgrade (\w+ )?(plan|subscription|tier)|requires an? (\w+ ){0,3}(plan|subscription|tier)/,
    'auth',
    'plan',
  ],
  [
    FAILED,
    /\b(models?|deployment|engine)( (id|name|named|called|version|with (id|name)))?:?( (?!output|response|input|request|prompt|call|provider|server|context)\S{1,80})? (((does|do|did)( not|n't) |not )exist|not found|(is|are|was|could|can)( not|n't)( be)? (available|(found|supported|recogni|served|deployed|registered|active|known)\w*(?! (for|with)\b))|is (unknown|uns|unav|invalid|gone|offline|disabled)|(has|is|was|have) (been )?(retired|deprecated|removed|decom|discont|sunset|shut|deleted)|(is )?no longer|disabled\b(?! ))|\b(unknown|invalid|uns\w+|unrec\w+|no such|not (an? \w+|supported)|no|(n't|not|to) (find|locate)( the)?|unable to access) model\b(?! (output|response|param|input|version))|\bno (\w+ ){0,3}(provider|channel|deployment|endpoint|backend)s? (\w+ ){0,3}model|end.of.(its.)?life|模型.{0,60}(不存在|下线|不支持|未找到)|无效的?模型/,
    'model_not_found',
  ],
  [
    REFUSED,
    /^(?=.*model)(?!.*not (exist|found)).*((no|not have|n't have|without|lacks?) (\w+ )?(access|permission|entitlement)|not (authorized|entitled|allowed) (to (access|use)|for your))/,
    'auth',
    'ask',
  ],
  [
    VAGUE,
    /\b(invalid|incorrect|expired|revoked|missing|wrong|malformed|unknown|no|bad)( \w+){0,2} (api ?key|(access|auth\w*|bearer|api) token|credential|authorization)|\b(api ?key|(access|auth|bearer|api) token|credentials?)( \S+)? (\w+ ){0,2}(not (be )?(valid|found|provided|recog)|invalid|expired|revoked|incorrect|disabled|missing|required)|authentication (failed|required)|unauthori[sz]ed|(密钥|令牌).{0,6}(无效|过期|错误)|无效的?(令牌|密钥)/,
    'auth',
  ],
  [
    VAGUE,
    /rate limit(ed)?( \S+){0,3} (exceeded|reached|hit)|rate increased too|(exceeded|reached|hit)( \w+){0,3} rate limit|(is|are|been) rate limited|too many (\w+ )?(request|session)s|频繁|限流/,
    'rate_limited',
  ],
  [
    REFUSED,
    /no (matching )?(route|handler)|(unknown|no such) (\w+ )?(url|path|route|endpoint)|cannot (post|get) /,
    'config',
  ],
  [
    ['model_not_found'],
    // Also a message that only names the requested path.
    /^(?!.*model).*(\/(v\d|chat|completions|messages|responses)|\b(url|path|route|page|static resource)\b)/,
    'config',
  ],
  [
    ['bad_request', null],
    /(internal|server) error|serverexception|upstream (error(?! from)|fail)|bad gateway|out of memory/,
    'server_error',
  ],
];
